"""A wish to hear no more, or somebody else's phone, in words that no phrase foresees. Pure, linear. Data.

`keywords` ends texts by what is said of them word for word. Here small groups of words stand near each
other in one clause: they only ever hold the texts for a person to decide, so they may be wide.
"""

from __future__ import annotations

import re

T = r"(?:te?xts?|txts?|texting|texted|messages?|messaging|msgs?|sms(?:es)?|reminders?|notifications?|pings?|spam|contact(?:ed|ing)?)"
LISTS = r"(?:lists?|records?|system|database|data ?base|roster|contacts|mailing|registry|directory|books|files?|service|thing|programme?|study|scheme)"
NOT = r"(?:don'?t|do not|dont|not|no|never|no longer|won'?t|wouldn'?t|rather not|nor)"
WANT = r"(?:want\w*|like|wish\w*|need\w*|care|appreciate|require|accept|agree|consent)"
KIN = (
    r"(?:mother|father|mom|mum|mam|mama|dad|papa|husband|wife|son|daughter|brother|sister|gran\w*|nan|nana|uncle|aunt|auntie|ex|partner"
    r"|roommate|flatmate|friend|boyfriend|girlfriend|tenant|coworker|colleague|neighbou?r)"
)
GAP = r"(?: \w+'?\w*){0,4}"

MAY_END = re.compile(
    "|".join(
        (
            # What is not wanted any more.
            rf"(?<!did )(?<!could )(?<!can )(?<!have )(?<!has )(?<!had )\b{NOT}(?: \w+)? {WANT}{GAP} {T}\b(?! (?:you|u|back|about|to my))",
            r"\b(?:rather not|(?:don'?t|dont|do not) (?:want|like|need|care for|wish)(?: to)?|no longer (?:want|need)(?: to)?)(?: (?:get|receive|have|be getting|keep getting|see))? (?:these|this|them|it|any of (?:this|these|it))(?: things?)?(?: any ?more| at all| either| thanks| please)*(?: if .*)?$",
            rf"\bnot (?:to )?(?:get|receive|be sent|be getting)(?: any| more| further)+{GAP} {T}\b",
            r"\bun ?subs\w*(?: me)?\b|\bno more (?:please|pls|plz|thanks|thank you|x)\b",
            rf"\brather not (?:get|receive|have)(?: \w+){{0,3}} {T}\b|\bdon'?t send me any ?more\b|\bmake (?:it|this|them|these) stop\b(?! hurt)|\bnever send\w* you\b|\blast (?:number|text|answer|reply) (?:\w+ ){{0,4}}(?:send|get|answer)\w*\b|\b(?:fcc|lawyer|attorney|abogado|demand\w+)\b|\bno m[aá]s (?:te?xts?|texting|messages?)\b",
            r"\btake (?:him|her|them|my (?:\w+ )?name) off\b|\b(?:mr|mrs|ms|sra?|don|dona)\.? \w+ (?:has |just )?(?:passed|died|fallecio|murio)\b",
            r"\bva(?:ya|yan)(?:se|nse)? al (?:diablo|carajo|demonio)\b|\b(?:los|las|les|te) (?:reporto|bloqueo|denuncio|demando)\b|\bya no es necesario que (?:me )?(?:\w+ )?(?:pregunt|escrib|mand|envi|text)\w+|\b(?:textos?|mensajes?) ya no(?: quiero)?\b|\bhasta aqui (?:le )?(?:dejamos|llegamos)\b|\bno voy a (?:contestar|responder) (?:nada|mas)\b"
            r"|\bnunca (?:les )?di (?:mi )?permiso\b|\bpara que ya no me lleguen?\b|\b(?:donde|como) me (?:desuscribo|doy de baja|salgo|borro)\b|\bya ?no manden\b|\bdes?ca?c?tivar\b|^descativar\b",
            rf"\bstop (?:checking|asking|pinging|pestering|nagging) ?(?:on |in on |up on )?(?:me|us)\b|\bleave (?:me|us) (?:\w+ ){{1,3}}alone\b|\b(?:quit|stop) blow\w* up\b|\bsaid no more\b|\bmake (?:these|this|them|it) go away\b|\bcall it quits\b|\bcharg\w* (?:me )?(?:per|for (?:each|every|the)) {T}\b|\bhit me up no more\b|\b(?:don'?t|dont) hit me up\b|\bnot interested in being\b",
            r"\bno hace falta que\b|\bno (?:quiero |deseo )?participar\b|\bpa(?:ra)? que no me (?:lleguen?|manden|escriban)\b|\bme cobran (?:cada|por|los)\b|\bnunca me (?:apunt\w+|inscrib\w+|registr\w+|di de alta)\b|\bno (?:necesito|ocupo|quiero) que me (?:escrib|mand|envi|text|pregunt)\w+\b(?! (?:al?|el|la|un|una|por telefono|para|con)\b)|\bya no me (?:los|las|lo) (?:mand|envi)\w+|\bno \+ (?:mensajes?|textos?)\b|^(?:mom|mum|mother|dad|father|my (?:husband|wife)) (?:died|passed)\b",
            rf"\b(?:finish|finished|be done|get rid) (?:with|of){GAP} {T}\b|\b(?:cancel|end|withdraw|terminate|stop) my (?:participation|enrol\w*|involvement|registration|sign ?up|membership in this)\b",
            rf"\b{T} (?:\w+ ){{0,6}}?(?:turned|switched|shut|cut|cancell?ed|stopped|ended|removed|blocked) ?(?:off)?$|\b(?:like|want) (?:them|these|it|this|the {T}) (?:turned|switched|shut|cut|cancell?ed|stopped|ended|removed) ?(?:off)?\b",
            r"\b(?:don'?t|dont|do not|stop|quit) (?:disturb\w*|pester\w*|harass\w*|spam\w*|bug|hassl\w*|annoy\w*)\b|\b(?:cut|cancel|end|quit|leave|close|exit) (?:this|the|your) (?:service|subscription|list|scheme|study)\b",
            rf"\b(?:next|one more|another|any more|if) (?:\w+ ){{0,2}}{T}\b[^.]* (?:report|block|lawyer|police|sue|complain)\w*|\breport(?:ing|ed)? (?:you |this |it )?(?:as|for|to) (?:spam|the fcc|police|junk)\b",
            rf"\b(?:no|zero|enough)(?: (?:more|further|additional|new|already|need|point|reason|use)){{1,2}}{GAP} {T}\b",
            rf"\benough (?:of|with|already with){GAP} {T}\b|\benough already\b",
            r"\b(?:please|kindly|can you|could you|would you|pls|plz|to)(?: please| kindly)? not (?:be )?(?:text|txt|message|send|sending|contact|write|texting|messaging)\w*\b",
            rf"\b(?:tired|sick|fed up|annoyed|done|finished|over it|bothered|irritated|had it|had enough|pestered)(?: \w+){{0,3}} {T}\b",
            # Being taken out.
            rf"\b(?:remove|erase|delete|strike|scratch|drop|scrub|clear|unlist|deregister|unregister|unenroll|take|pull|cross|wipe|purge) {GAP}? ?\b(?:me|us|my|our|this (?:number|phone|line|cell)|it)\b{GAP} {LISTS}\b",
            r"\b(?:remove|erase|delete|unlist|deregister|unregister|wipe|purge) (?:me|us|my (?:name|number|mobile|phone|cell|details|data|info\w*)|this (?:number|phone|line|cell))\b(?! (?:from|off) (?:the|your) (?:wait|schedule|calendar|meeting|group chat))",
            r"\b(?:take|taken|get|count|leave|cross|cut|keep) (?:me|us|my (?:name|number|mobile)) (?:off|out)\b(?! (?:the (?:splint|boot|meds|drugs|crutches|pills)|of (?:bed|the house|breath|pain|the (?:splint|boot|hospital)))\b)",
            r"\b(?:be|get|being) (?:taken|removed|deleted|crossed|dropped) (?:off|out|from)\b|\bmejor ya no\b(?! (?:duele|me))",
            rf"\b(?:get|getting|sign|want|wanna) (?:me )?off (?:of )?(?:this|these|your|the){GAP} ?(?:{T}|{LISTS})\b",
            r"\bhow (?:do|can|to) (?:i |we )?(?:get off|get out of|leave|quit|end|exit|cancel|unsubscribe|opt out|stop) (?:this|these|it|them|here|your)\b(?! (?:pain|ache|exercise|stretch|splint|hurting))",
            rf"\b(?:switch|turn|shut|cut|knock)(?: \w+){{0,3}} (?:{T}|these|this|them|it all)(?: \w+)? off\b(?! (?:at|before) (?:the )?(?:door|gym))",
            rf"\b(?:switch|turn|shut|cut) off{GAP} {T}\b|^(?:please |pls )?(?:switch|turn|shut) (?:this|these|them|it)(?: \w+)? off(?: please)?$",
            r"\b(?:block|blocking|blocked|report|reporting|mute|muting) (?:you|u|this number|these|ya)\b",
            r"\b(?:bugger|piss|sod|bog|eff|f\W?k?|feck|naff) off\b|\bget lost\b|\bshut up\b|\bdrop dead\b|\bgo bother\b",
            r"\b(?:i'?m|i am|i want to|i'?d like to|i wish to|please) (?:withdraw\w*|unsubscrib\w*|opting out|pull(?:ing)? out|bow(?:ing)? out|drop(?:ping)? out|cancell?ing|leaving (?:the|this) (?:study|program\w*|service|list)|out of (?:the|this) (?:study|program\w*))\b",
            rf"\bcount me out\b|\b(?:take|give) (?:a|it a) rest with {T}\b|\bgdpr\b|\b(?:harass|pester|nag|badger|hound)\w* me\b|\bstop w(?:ith)?\b{GAP} {T}\b",
            rf"\b(?:cease|halt|suspend|terminate|discontinue|deactivate|disable|end){GAP} {T}\b",
            rf"\b(?:i|you) (?:never|didn'?t|did not) (?:sign(?:ed)?(?: up)?|subscrib\w*|agree\w*|consent\w*|ask\w* (?:for|to be)|opt(?:ed)? in|register\w*|enrol\w*)\b{GAP}(?: {T}|$| (?:this|these|it))",
            # The same in Spanish.
            r"\b(?:ya )?no (?:\w+ ){0,2}(?:quiero|quisiera|deseo|necesito|me interesa\w*|me gusta\w*|hace falta)(?! (?:dejar|parar|perder))(?: \w+){0,4} (?:mensajes?|textos?|sms|recordatorios?|avisos?|notificaciones?|msjs?|mensajitos?)\b",
            r"\b(?:quit|borr|elimin|sac|saqu|remuev|cancel|desactiv|apag|desconect|suspend|termin|bloque|det[eé]n|par)\w*(?: \w+){0,4} (?:mensajes?|textos?|sms|recordatorios?|avisos?|notificaciones?|lista|sistema|numero|registro|base de datos|suscripcion|servicio)\b",
            r"\b(?:los|te|las|les) (?:voy a|vamos a|tengo que) (?:bloquear|reportar|denunciar)\b|\b(?:basta|suficiente|harta|harto|cansad[oa]|aburrid[oa])(?: ya)? (?:de|con) (?:\w+ ){0,3}(?:mensajes?|textos?|sms|recordatorios?|msjs?)\b",
            r"(?<!me )(?<!no )\b(?:deje|dejen|deja|dejad|dejes|dejasen|dejaran|dejarian|paren?|dejar|parar) de (?:\w+ ){0,2}(?:mandar|enviar|escribir|molestar|textear|fastidiar|joder|chingar|insistir|hostigar)\w*\b|\bno (?:me )?(?:manden|envien|escriban|texteen|molesten|insistan|jodan|chinguen|contacten|busquen)\b(?! (?:al?|el|la|un|una)\b)",
            r"\b(?:dar|dad|den|de|da)(?:me|nos)? d(?:e)? [bv]aja\b|^vaja$|\bno (?:me )?(?:sigan|sigas|siga) (?:mand|envi|escrib|tex|molest)\w*|\bno (?:me )?(?:volver|vuelv\w+) a (?:mand|envi|escrib|tex|molest|contact)\w*|\bno me (?:tiren|echen|pongan) mas\b"
            r"|\bya no quier[eo] (?:que me lleguen|recibir (?:esto|nada|mas))\b|\bno quiero (?:recibir )?(?:esto|nada de esto|nada mas de ustedes)$|\bdesactiv\w+ (?:eso|esto)\b|\beliminar? mis datos\b",
            r"\b(?:darme|dar|denme|dame|deme) de baja\b|\bsalirme de (?:\w+ )?(?:esto|lista|programa|estudio)\b|\bno (?:autoric\w+|di permiso|pedi|solicite|me registre|me inscribi|firme)\b",
        )
    )
)
# Somebody else reads it.
ANOTHER = re.compile(
    "|".join(
        (
            r"\bthere(?:'s| is|'?s) no(?:body|one| one)? (?:called |named |by the name )?\w+ (?:here|at this)\b|\bno (?:one|body) called\b|\b(?:i )?(?:don'?t|dont|do not) have any (?:foot|heel|feet|pain|leg) (?:problem|issue|pain|trouble)s?\b",
            r"\bwrong (?:no|num|nmbr|numbr|nr)\b|\bi am not (?:the )?patient\b|\b(?:text|message|contact|reach)\w* (?:some ?(?:one|body) else|another person|the right person)\b|\bi'?ve had this (?:number|phone) (?:since|for)\b|\bnever been to (?:a|any|your|the|this) (?:\w+ )?(?:clinic|doctor|office|hospital)\b",
            rf"\b(?:this (?:is|was)|that'?s|it'?s|it was|was|used to be) (?:my|our|the|his|her) (?:\w+ ){{0,2}}?{KIN}(?:'?s|s')?(?: old)? (?:phone|number|mobile|cell|line|sim)\b",
            rf"\b(?:my|our|his|her|the) (?:\w+ )?{KIN} (?:\w+ ){{0,2}}?(?:died|passed|is (?:dead|deceased|gone)|is no longer with us|no longer with us|has passed|departed)\b",
            r"\b(?:she|he|they)(?:'s| is| are| has)? (?:no longer with us|no more with us|deceased|dead|passed on|passed away|gone to (?:heaven|god))\b|\bno longer (?:alive|with us|living)\b|\b(?:rest in peace|r\.?i\.?p\.?) (?:my|to)\b",
            r"\b(?:i|we)(?:'ve)? (?:just |only |recently )?(?:got|bought|have|had|have had|inherited|took over|been given|was given|were given) (?:this|the) (?:\w+ )?(?:sim|number|phone|line|cell)\b(?! (?:call|charger|case|is|for|was|call))",
            r"\b(?:had|has|owned|used|have) (?:this|the) (?:\w+ )?(?:phone|number|sim|line|cell)(?: number)? before\b|\b(?:previous|former|last|old) (?:owner|user|holder)\b|\bchanged (?:owner|hands)\b",
            r"\b(?:doesn'?t|does not|dont|no longer|not|isn'?t) (?:have|has|use|uses|own|owns|at|on|reachable (?:at|on)) this (?:number|phone|line|cell|mobile)\b",
            r"\b(?:person|patient|man|woman|lady|guy|one|whoever|someone|somebody|somebody else|who) (?:you|u|ur)(?: are|'re| r)? (?:want|need|looking|after|trying|texting|messaging|reaching|seek)\w*\b(?! me)|\byou'?re (?:looking for|after|texting) (?:whoever|someone|somebody|the)\b",
            r"\b(?:you|u)(?:'ve| have)? (?:got|have|text\w*|messag\w*|reach\w*|dial\w*|hit) (?:the |a |an )?(?:wrong|incorrect|different|other) (?:number|person|guy|man|woman|lady|phone|one|contact|patient|party)\b|\bwrong (?:contact|recipient|party|patient|guy|lady|girl|man|woman)\b",
            r"\b(?:this is|it'?s|it is|you'?re texting|you reached) (?:a|an|the|our) (?:business|work|office|company|fax|land|school|shop|store|taqueria|tienda|restaurant|pizza\w*|church|bakery|garage|hotel|salon|police|child'?s|kid'?s|minor'?s)\b",
            r"\b(?:i|we) (?:don'?t|do not) know (?:any|a|this|who|no) ?(?:\w+ )?(?:clinic|patient|person|doctor|you are|u are|[a-z]+ is)\b|\bno(?:body| one) (?:here )?(?:by|with|of|called|named) (?:that|this)? ?name\b|\bnever (?:been|was) (?:a |your |ur )?(?:patient|to your)\b|\bi'?m not (?:a|your|the) patient\b|\bnot (?:your|a) patient\b",
            r"\bno soy (?:la |el |su )?paciente\b|\baqui no vive\b|\bningun\w* \w+ vive aqui\b|\bdifunt[oa]\b|\bque en paz descans\w+\b|\bq\.?e\.?p\.?d\b",
            r"\beste es (?:el|un) (?:telefono|numero|celular) de (?:un|una|la|el|otra?)\b",
            r"\b(?:este|ese) (?:\w+ )?(?:numero|celular|cel|telefono|chip|linea) (?:\w+ ){0,3}(?:mi[oa]|nuevo|otra persona|cambio|equivocad\w+|de (?:mi|un|una|otra))\b|\b(?:compre|acabo de (?:comprar|sacar|adquirir)|me dieron|tengo) (?:\w+ ){0,2}(?:este|el|un) (?:\w+ )?(?:numero|chip|sim|linea)\b",
            r"\b(?:mi|la|el|su) (?:\w+ )?(?:mama|papa|madre|padre|espos[oa]|marido|mujer|hij[oa]|herman[oa]|abuel[oa]|ti[oa]|suegr[oa]|senora?|dueno|duena) (?:\w+ ){0,2}(?:murio|fallecio|ya no (?:vive|esta)|que en paz|descans\w+)\b|\bno (?:soy|es) (?:la|el|esa|ese) (?:paciente|persona|senora?)\b|\bya no (?:tiene|usa|es) (?:este|ese) (?:numero|cel\w*|telefono)\b",
            r"\b(?:buscan|busca|quieren|preguntan) (?:a|por) (?:otra persona|alguien mas|el dueno anterior|quien tenia)\b|\bantes (?:tenia|lo tenia|era de) \b|\bno conozco a (?:nadie|ningun\w*|es[ea])\b|\b(?:se|te|estan?) equivo\w+ de (?:persona|numero|contacto|paciente)\b",
        )
    )
)
# It only sounds like it.
GOES_ON = re.compile(
    r"\b(?:newsletter|junk mail|netflix|gym membership|subscription box|appointment|appt|cita|splint|ferula|boot|brace|insoles?|tape|cast|crutches|surgery|medication|meds|medicine|ibuprofen|naproxen|advil|aleve|tylenol|pills?|tablets?|painkillers?"
    r"|happy with|love (?:these|the|your)|like (?:these|your|the) (?:texts?|messages?|reminders?)|keep (?:them|these|it) coming|glad (?:of|for)|appreciate (?:these|your|the)|helpful|not complaining|text(?:ing)? (?:and|while|or|&) driv\w*|just kidding|jk)\b"
    r"|\b(?:do|did|does|was|were|are|is|why|how come|when|hasn'?t|haven'?t|didn'?t)\b[^.]{0,20}\b(?:get|got|receive|received|come|came|arrive\w*|send|sent)\b[^.]{0,20}\b(?:no|any|a|the|my)?\b ?(?:text|message|reminder)"
    r"|\bno (?:me )?quiero (?:darme|dar\w* de baja|salir|cancelar|dejar)\b|\b(?:no|not)\b(?: \w+){0,2} (?:problem|issue|trouble|bother|worries|bad)\b|\bno (?:text|texts|message|messages) (?:came|arrived|yet|today|yesterday|this|since|last|from)\b|\b(?:don'?t|do not|never) (?:stop|quit|cancel|remove|end)\b"
)


def may_end(clause: str) -> bool:
    """Whether `clause` (from `plain`) may wish for no more texts or come from somebody else."""
    return bool(MAY_END.search(clause) or ANOTHER.search(clause)) and not GOES_ON.search(clause)
