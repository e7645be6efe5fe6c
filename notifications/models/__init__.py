"""Texts as rows: what is due, what was tried, what became of it, what came back, who agreed."""

from notifications.models.consent import E164_LENGTH, ConsentEvent, PhoneConsent
from notifications.models.emails import AlertEmail
from notifications.models.histograms import Histogram
from notifications.models.inbound import APP_SID, InboundMessage
from notifications.models.inbox import InboxItem
from notifications.models.offers import ConsentOffer
from notifications.models.outbound import ASKS, DeliveryEvent, OutboundMessage, SendAttempt
from notifications.models.senders import ClinicTexting, Heartbeat, Sender, TextingSwitch
from notifications.models.wordings import ClinicWording

__all__ = [
    "APP_SID",
    "ASKS",
    "E164_LENGTH",
    "AlertEmail",
    "ClinicTexting",
    "ClinicWording",
    "ConsentEvent",
    "ConsentOffer",
    "DeliveryEvent",
    "Heartbeat",
    "Histogram",
    "InboundMessage",
    "InboxItem",
    "OutboundMessage",
    "PhoneConsent",
    "SendAttempt",
    "Sender",
    "TextingSwitch",
]
