"""The rival: a Celery task for each reminder, as Celery's and Twilio's first pages show it.

The client is made once a process and keeps its connection, which is the kinder reading.
"""

from __future__ import annotations

import functools
import os

from celery import Celery
from twilio.rest import Client

app = Celery("rival", broker=os.environ["REDIS_URL"])
app.conf.task_default_queue = "rival"
app.conf.task_ignore_result = True


@functools.cache
def client() -> Client:
    """The synchronous SDK."""
    made = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
    made.api.base_url = os.environ["TWILIO_API_BASE_URL"]
    return made


@app.task(name="rival.send_reminder")
def send_reminder(phone: str) -> None:
    """Text one patient."""
    client().messages.create(to=phone, from_="+14155550100", body="Time for your program.")


if __name__ == "__main__":
    for number in range(int(os.environ["BENCH_COUNT"])):
        app.send_task("rival.send_reminder", args=[f"+1{2000000000 + number}"])
