"""Phrases that are a sign of a red flag by themselves. Data.

In the form of `plain` without apostrophes. English and Spanish together: people mix them. Two words
near each other are in `signs`.
"""

from __future__ import annotations

import re


def _compiled(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each sign with the pattern of its phrases, as whole words."""
    return tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in rows)


NAMED = _compiled(
    *(
        # 988: wanting to die, or to hurt oneself.
        (
            "self_harm",
            r"kill(?:ing)? my ?self|kms|(?:cant|cannot) go on (?:any ?more|living|like this)|want it (?:all )?to be over|suicid\w*|overdos\w*|(?:took|taken|take|swallowed) (?:all (?:of )?my|too many|a bunch of|the whole bottle of) (?:pills|meds|tablets)"
            r"|(?:want|wanna|wish|rather|ready|think(?:ing)? (?:about|of)|thoughts? (?:about|of)|feel like|feeling like|plan(?:ning)? (?:to|on)) (?:\w+ ){0,3}(?:dying|be dead|be gone|end(?:ing)? (?:it|it all|my life|things)|not wake up|never wake up)(?! (?:to|of|for|the|my|this|these|with)\b)"
            r"|(?:dont|do not) (?:want|wanna) (?:to )?wake up|whats the point (?:of|in) (?:living|life|going on)|(?:no|dont see (?:the|a|any)|see no) point (?:of|in) (?:living|life|going on)"
            r"|cutting my ?self|(?:nobody|no one|noone) would (?:miss|care about) me|nadie me (?:extranaria|echaria de menos)"
            r"|(?:quisiera|prefiero|preferiria|quiero|ganas de|mejor) (?:\w+ ){0,2}(?:morir(?:me)?|muert[oa]|no despertar|no existir)(?! de)|(?:no le veo|sin) sentido a (?:la|mi) vida|no aguanto (?:mas )?(?:la|esta|mi) vida"
            r"|(?:want|wanna|wish|ready|going) (?:to )?(?:die|be dead)|wish i (?:was|were) dead"
            r"|end (?:my life|it all)|take my (?:own )?life|(?:dont|do not|not) (?:want|wanna) (?:to )?(?:live|be alive|be here) ?(?:any ?more)?"
            r"|(?:no|without a) reason to live|better off (?:dead|without me)|(?:hurt|harm|harming|hurting) my ?self on purpose"
            r"|(?:want|going) to (?:hurt|harm|cut) my ?self|self ?harm"
            r"|me quiero morir|quiero morir(?:me)?|quisiera morir(?:me)?|matarme|me voy a matar|me quiero matar|quitarme la vida"
            r"|(?:ya )?no quiero (?:seguir )?vi(?:vir|viendo)|no vale la pena vivir|hacerme dano|acabar con mi vida|mejor muert[oa]"
            r"|(?:ya )?(?:no tengo|sin|perdi (?:las|mis)|se me fueron las) ganas de (?:vivir|seguir(?: viviendo)?|nada en la vida)|(?:ya )?no le (?:veo|encuentro|hallo) (?:\w+ )?(?:caso|sentido|chiste) a (?:la|mi|esta) vida"
            r"|(?:para|pa) que (?:vivo|vivir|sigo viv\w+)|(?:ya )?no quiero estar (?:aqui|viv[oa]|en este mundo)|estaria mejor muert[oa]|no (?:longer|more) (?:want|wish) to (?:live|be here)|dont want to be (?:here|around|alive)(?: any ?more)?|tired of (?:living|life|being alive)|cansad[oa] de (?:vivir|la vida)",
        ),
        (
            "heart_or_lung",
            r"heart ?attack\w*|palpitations?|palpitaciones|taquicardia|heart (?:is |was |keeps |feels )*(?:racing|pounding|fluttering)|(?:late|corazon) (?:\w+ ){0,3}(?:muy )?rapido|tight chest(?:ed)?"
            r"|breathless\w*|winded|(?:barely|hardly) breath\w*|hyperventilat\w*|se me va el aire|infarto|ataque al corazon|out of breath|(?:catch|lose|losing) my breath|sin aire|me ahogo|ahogand\w+"
            r"|me falt[ae] (?:el )?aire|cough\w* (?:\w+ ){0,2}blood|(?:spit\w*|blood) (?:\w+ ){0,2}(?:blood|cough\w*)"
            r"|(?:tos|tosi\w*|toso|escup\w*) (?:\w+ ){0,2}sangre|sofoc\w+|suffocat\w+"
            r"|(?:no (?:puedo|puede)|(?:me|le) cuesta|cuesta) (?:\w+ ){0,2}respir\w*ar|(?:agitad[oa]|falta de aire)",
        ),
        (
            "fainted",
            r"(?:gonna|going to|about to|might|will) faint|mareo (?:\w+ ){0,5}(?:suelo|piso)|(?:i |just |almost |nearly |i have )*(?:fainted|fainting)|(?:felt|feel|feeling) (?:very |so |like )?faint"
            r"|passed out(?! (?:asleep|early|on the (?:couch|sofa)|in bed|drunk|flyers|the)\b)|pass(?:ing)? out(?! the\b)|black(?:ed|ing) out|lost consciousness|unconscious"
            r"|(?:i|have) collapsed|desmay\w+|(?:perdi|perdiendo) (?:el )?(?:conocimiento|la conciencia|el sentido)",
        ),
        (
            "clot",
            r"blood clots?|(?:a|the|have|had|has|another|this) clot|clots|dvt|coagulos?|trombosis|thrombosis|embol\w+"
            r"|(?:calf|pantorril+a|pantorriya) (?:is |feels |got |esta |se siente )?(?:rock |muy |very )*(?:hard|dura)(?! to)"
            r"|(?:calf|pantorrilla) (?:\w+ ){0,4}(?:twice|double|bigger|big|larger|huge|doble|mas grande)",
        ),
        (
            "stroke",
            r"(?:having|had|have) a stroke|worst headache|(?:cant|cannot) see (?:out of|with|from)|slurr(?:ed|ing) (?:my )?(?:speech|words)|derrame cerebral|no puedo hablar bien",
        ),
        (
            "allergy",
            r"hives|ronchas|urticaria|allergic reaction|reaccion alergica|anaphyla\w*|anafila\w*",
        ),
        (
            "cauda_equina",
            r"no (?:aguanto|controlo|puedo aguantar|puedo controlar) (?:la|el|mi) (?:orina|vejiga|intestino|esfinter)|(?:wet|peed|pooped) (?:my ?self|my pants)|me orine|me hice (?:pipi|popo)|incontinen\w+|(?:no feeling|cant feel|numb\w*) (?:\w+ ){0,4}wip(?:e|ing)",
        ),
        # Sudden pop, bruise, cannot push off.
        (
            "rupture",
            r"(?:felt|feels) like (?:someone|somebody|something) (?:kicked|hit|shot|stabbed)|kicked in the (?:back of|calf|heel)|pedrada|(?:cant|cannot|couldnt) (?:go|get|rise|stand|come) (?:up )?on (?:my |to my )?(?:tip ?)?toes"
            r"|(?:heard|hear|felt|feel|feeling|was|with) (?:a |an |something |it )?(?:loud |sudden |big )?(?:pop|snap|rip|crack|crunch|tear|tearing|ripping|popping)"
            r"|went pop|(?<!ears )(?<!ear )(?<!neck )(?<!knuckles )popped(?! (?:by|in(?! (?:my|the))|an?|some|up|into|over|out|open|popcorn|advil|pills?|two|my ears)\b)|popping sound"
            r"|(?<!band )(?<!strap )(?<!lace )snapped|(?<!cold )(?:a|sudden|loud) (?:pop|snap)(?! (?:quiz|song|decision))"
            r"|(?:tore|torn|ruptured?|ripped)(?! (?:the|open|up|out|off|jeans|paper|page|my (?:shirt|pants|jeans|shorts|ticket))\b)|a tear|br(?:ui|iu|u)s(?:e|es|ed|ing|ie)|black and blue"
            r"|(?:cant|cannot) push off|tron(?:ido|o|aron|e)|chasquido|crujido|crujio|(?:senti|escuche|oi) (?:como )?un (?:pop|golpe|crack|tiron)"
            r"|desgarr(?:o|e|ado|amiento)|moret(?:on|ones)|morete|se (?:me )?rompio(?! (?:la|el|mi)\b)",
        ),
        # Cannot bear weight, a fall.
        (
            "fracture",
            r"(?:cant|cannot|can not|couldnt|could not|can no longer|no longer able to|unable to|not able to|too painful to|(?:can )?(?:barely|hardly))"
            r" (?:even |really )?(?:walk(?! the| far| today| as| in (?:those|these|heels))|stand(?! (?:these|this|waiting|the|it|you|him|her|my (?:boss|job|mother|family|neighbor)))|(?:bear|bare) (?:any )?weight|put (?:any )?weight|step(?! away| on a scale))"
            r"|(?:cant|cannot) (?:even )?touch (?:my |the )?(?:foot|heel) to|(?:have|had|need) to crawl|crawling to|tripped|landed on my|slipped (?:off|on|and|down)"
            r"|me tropece|me resbale|no (?:aguanto|soporto) (?:\w+ ){0,4}(?:pisar|apoyar|parar\w*)"
            r"|(?<!it )(?<!ball )(?<!phone )(?<!splint )(?<!brace )(?<!tape )(?<!bottle )(?<!band )(?<!strap )(?<!score )(?<!numbers )(?<!pain )(?<!prices )"
            r"fell(?! (?:asleep|behind|short|in love|through|out of|for|back (?:on|to|into)|off (?:of )?(?:the |my |a )?(?:wagon|bandwagon|track|schedule|plan|map|radar|habit|routine)|into (?:the|a) (?:habit|routine)))"
            r"|(?:took|had|have had|having) a (?:bad |big |hard |little |small )?(?:fall|tumble|spill)|falling down|rolled my ankle|twisted my (?:ankle|foot|knee)"
            r"|(?:i think )?(?:it is|its|it may be|it might be|maybe its|is it) broken|a fracture|stress fracture|broken bone"
            r"|no (?:me )?puedo (?:ni )?(?:caminar|pararme|parar(?! de)|pisar|apoyar|poner peso|estar de pie|levantarme)|apenas puedo (?:caminar|pisar|apoyar)"
            r"|no aguanto pisar|me (?:he )?cai(?:do)?(?! de sueno| bien| mal| gordo)|casi me caigo|me caigo|(?:tuve|sufri) una caida|me quebre|se me quebro|me fracture|fractura"
            r"|me torci (?:el|mi) (?:pie|tobillo)|me doble el (?:pie|tobillo)",
        ),
        (
            "hospital",
            r"(?<!work )(?<!volunteer )(?<!shift )(?:in|at|to|from) the (?:er|emergency room|hospital|emergency)(?! visiting| to visit| shift)|(?:in|at) the emergency|urgent care|ambulance|called 911"
            r"|(?<!trabajo )en (?:urgencias|emergencias|el hospital)|sala de (?:urgencias|emergencias)|ambulancia",
        ),
        # Fever, wound, hot red swollen.
        (
            "infection",
            r"(?<!cabin )(?<!hay )(?<!spring )(?<!dance )fe(?:a)?ver(?:ish)?|chills|temp(?:erature)? (?:\w+ ){0,2}(?:10\d|38|39|40|41)|(?:38|39|40|41) (?:\w+ )?de (?:temperatura|fiebre)|(?:foot|heel|wound|toe|toes) (?:smells?|stinks?)|(?:is|are) leaking|shiver\w*|(?:pie|herida|talon|dedo) (?:me )?(?:huele|apesta)|pus|infec\w*"
            r"|wounds?|ooz\w+|drainage|draining|wont heal|bleed(?:s|ing)?|hot to (?:the )?touch|(?:hot|warm|red|swollen) (?:and )?(?:hot|red|swollen|warm)"
            r"|fiebre|calentura|escalofri\w*|tengo temperatura|heridas?|sangra(?:ndo|do)?|muy hinchad[oa]|roj[oa] (?:e|y) (?:hinchad[oa]|inflamad[oa]|caliente)",
        ),
        (
            "skin",
            r"blist(?:er|ers|ered|ering)|ampollas?|rash(?:es)?|sarpullido|welts|allergic to (?:the )?(?:tape|adhesive|splint|latex|band|glue)|alergi[ca]\w* (?:a|de) (?:la )?(?:cinta|tela|ferula)"
            r"|(?:stepped|walked) on (?:a |an |some |the |broken )*(?:nail|glass|tack|needle|screw|thorn|pin)|pise (?:un |una |unos )?(?:clavo|vidrios?|espina|aguja|tachuela)"
            r"|(?:tape|splint|brace) (?:\w+ ){0,3}(?:skin|sore|raw)",
        ),
        # Ulcer, black or cold skin.
        (
            "vascular",
            r"ulcers?|hole in my (?:heel|foot|toe|skin)|se me abrio (?:la piel|el pie|el talon)|(?:a|an|open|have a|has a|new) sore(?! (?:heel|heels|foot|feet|toes?|ankle|arch|sole|leg|skin|throat|spot|muscle|back|and|pie|calf|knee))|sores|sore that wont heal"
            r"|sore on (?:my |the )?(?:heel|foot|toe|ankle|skin|leg|sole)|turn(?:ed|ing) (?:black|blue|purple|white)|ice cold|cold as ice|ulceras?|llagas?|gangren\w*"
            r"|se me (?:puso|pone|pusieron|ponen|hizo|hicieron) (?:\w+ )?(?:negr[oa]s?|morad[oa]s?|azul(?:es)?|blanc[oa]s?|palid[oa]s?)|(?:dedos?|pie|pies) (?:\w+ ){0,4}(?:blanc[oa]s?|palid[oa]s?)|(?:muy |bien )(?:frio|fria|helado|helada)",
        ),
        (
            "weakness",
            r"(?:cant|cannot|couldnt|unable to) (?:move|wiggle|lift|raise|feel) (?:my |the )?(?:\w+ )?(?:foot|feet|toes?|ankle|leg|heel)"
            r"|(?:foot|leg) (?:is )?(?:drop|drops|dropping|dragging|drags)|drop ?foot|leg (?:is |feels |went |so |very )*weak|weak leg"
            r"|no puedo mover (?:el|los|la|mi|mis) (?:pie|dedos|tobillo|pierna)|no siento (?:el|la|los|las|mi|mis) (?:pie|pies|dedos|pierna)|(?:arrastro|se me cae) el pie|pierna (?:muy )?debil",
        ),
        # Locked, gave way, cannot straighten.
        (
            "knee",
            r"se me (?:fue|va|dobla|doblo) la rodilla|(?:leg|knee|ankle|it) (?:just )?(?:gave|gives|giving|give) (?:way|out)|(?:cant|cannot|unable to) (?:straighten|bend|extend) (?:my |the )?(?:knee|leg)"
            r"|no puedo (?:estirar|doblar|enderezar|extender) (?:la|mi) (?:rodilla|pierna)|se me (?:traba|trabo|dobla|doblo|vence|vencio) la (?:rodilla|pierna)",
        ),
        # Burning, tingling, numbness.
        (
            "nerve",
            r"(?:numb|nubm|nujb)(?:ness)?|numness|ting(?:l|el)(?:e|es|i?ng|y)|(?:still |its |it |just |so )*burn(?:ing|s)$|^burning|pins (?:and |n )?need(?:les|els)"
            r"|electric(?:al)?(?: like)? (?:pain|shocks?|zaps?|feeling|jolts?|current)|shock(?:s|ing)? (?:pain|feeling|down|up|in)|zapp?(?:ing|s)|on fire"
            r"|(?:no|lost) feeling in|(?:foot|toes|heel) (?:is |are |fell |keeps falling )*asleep"
            r"|entum\w+|adormec\w+|dedos dormidos|se me (?:duerm[ae]n?|durmio|durmieron)(?! (?:el|la|mi) (?:bebe|ni[nñ][oa]|hij[oa]|nieto|nieta|perro|gato))|[h]?ormigue\w*|hormigas|cosquilleo|ardor|arde|quemazon"
            r"|(?:toques|descargas|calambres?) electric[oa]s?|corriente en",
        ),
        (
            "night_pain",
            r"(?:pain|hurts?|aches?|throbs?|throbbing) (?:\w+ )?(?:at|in the|all|during the|every|in bed at) night|night(?:time)? pain|at night with (?:the )?pain"
            r"|(?:it|pain|heel|foot) (?:\w+ )?(?:wak(?:es|ing|en|ens)|woke) me|wakes me|woke up (?:from|with|because of) (?:the )?pain|w[ao]ke up at night|kept me up all night|(?:cant|cannot|couldnt) sleep (?:because of|from|with|due to|for) (?:the |my )?pain"
            r"|hurts? even (?:when|while|if) (?:im |i am )?(?:lay\w*|lying|rest\w*|sitting|in bed)|no puedo dormir (?:del|por el|con el|con|de) dolor|(?:baje|perdi|bajado|perdido) (?:como |unas |unos |mas de )*\d+ (?:kilos|libras|kg|lbs)"
            r"|(?:losing|lost) weight(?! (?:on|with|thanks|watchers)\b)|lost \d+ (?:pounds|lbs)|weight loss|pain at rest|hurts (?:at rest|when resting)"
            r"|dolor (?:de|por la|en la|toda la) noche|dolor nocturno|dolor en reposo|me despierta|me despierto (?:por|del|con)|duele (?:de|por la|toda la|en la|en las) noches?"
            r"|(?:perdi|perdiendo|he perdido|baje de) peso",
        ),
        (
            "both_heels",
            r"(?<!did )(?<!stretched )(?<!rolled )(?<!do )(?<!iced )both (?:of )?(?:my )?(?:heels|feet)(?! (?:feel|are|were) (?:good|fine|great|better|ok|okay)| done)|now both sides|other (?:heel|foot) hurts too"
            r"|back (?:is |feels )?(?:very |so )?stiff(?:ness)?|stiff back|(?<!hice )(?<!hice los )(?:los )?dos (?:talones|pies)|(?<!hice )ambos (?:talones|pies)"
            r"|espalda (?:muy )?(?:rigida|tiesa)|rigidez en la espalda|(?:uveitis|psoriasis)",
        ),
        (
            "worsening",
            r"(?:gett?(?:ing|s)|keeps getting|constantly getting) worse(?: (?:every|each) day)?$|worse (?:every|each) day|empeora cada dia|cada dia peor|va empeorando",
        ),
    )
)

# How people say it who name no sign: by what it looks like, or by what they cannot do.
MORE = _compiled(
    *(
        (
            "self_harm",
            r"(?:pills?|tablets?|rope|gun|blade|razor) (?:\w+ ){0,3}(?:lined up|ready|in my hand|saved up|counted)|(?:hurt|hurting|harm|harming|cut|cutting|burn|burning) my ?self (?:again|on purpose|because|to (?:cope|feel))|(?:started|been|keep|back to) (?:hurting|harming|cutting|burning) my ?self"
            r"|cut my ?self (?:last night|today|this morning|because|again)|(?:wont|will not|not gonna|not going to) be (?:alive|around|here) (?:\w+ ){0,2}(?:next|tomorrow|much longer|by|any ?more|for long)|(?:end|finish) it all|do something (?:stupid|silly|bad) to my ?self"
            r"|(?:world|everyone|everybody|they|family|kids) (?:\w+ ){0,2}(?:be )?better off without me|(?:said|saying|say) (?:my )?goodbyes?(?! to my (?:boot|splint|cast))|dont see (?:a |any )?(?:way out|reason to (?:go on|live))|cant (?:do|take) this (?:life|any ?more i want out)|want (?:everything|life|all of it) to (?:stop|end)|jump(?:ing)? off (?:a|the) (?:bridge|roof|balcony|building)"
            r"|(?:tirarme|aventarme|lanzarme) (?:de|al|del) (?:\w+ )?(?:puente|tren|balcon|techo|metro)|(?:me )?corte (?:las venas|las munecas|los brazos)|desaparecer de (?:este|el) mundo|seguir en (?:este|el) mundo|pastillas (?:\w+ ){0,6}(?:tomarmelas|tomarme) (?:todas)?|tomarme todas las pastillas|tak(?:e|ing) (?:the|this) whole (?:bottle|lot|box|pack)|tomarme (?:todo )?el frasco|(?:todos|ellos|mi familia) (?:\w+ )?estarian mejor sin mi"
            r"|been cutting(?: again| a lot|$)|mejor me muero|(?:quiero|mejor) (?:ya )?(?:no )?(?:estar muert[oa]|desaparecer)",
        ),
        (
            "heart_or_lung",
            r"elephant (?:\w+ ){0,3}(?:on|sitting)|(?:stabs?|stabbing|sharp|hurts?|pain) (?:\w+ ){0,3}(?:when|every time|whenever) (?:i )?(?:breathe|inhale|take a (?:deep )?breath)|(?:breathing|breath) (?:\w+ ){0,2}(?:funny|bad|heavy|fast|shallow|weird)|cough(?:ed|ing)? up (?:\w+ ){0,4}(?:blood|red|pink)|(?:bringing|brought) up blood"
            r"|gasping|(?:cant|cannot|couldnt) (?:get|take) (?:enough |any |a (?:deep |full )?)?(?:air|breath)|sin poder respirar|(?:pain|tightness|numbness|tingling) (?:\w+ ){0,3}(?:down|in|up) (?:my |the )?left arm|(?:jaw|left arm) (?:\w+ ){0,2}(?:hurts?|pain|numb|heavy|aching)|wheez\w+"
            r"|me agito|(?:punzada|dolor|duele|piquete) (?:\w+ ){0,8}(?:respir\w+|(?:agarro|jalo|tomo) aire)|corazon (?:\w+ ){0,2}acelerado|sangre (?:\w+ ){0,6}tos\w*",
        ),
        (
            "fainted",
            r"(?:went|everything went|vision went|goes) (?:all )?(?:black|dark|grey|gray)|(?:woke|came round|came to|ended|found my ?self) (?:up )?on (?:the |my )?(?:kitchen |bathroom |bedroom )?floor|keel(?:ed|ing) over|se me (?:fue|puso) todo (?:negro|oscuro)|desperte en el (?:piso|suelo)|perdio el conocimiento|(?:nearly|almost|about to) (?:pass|black) out|lights went out|(?:i|just|me) (?:fell|went) down (?:and )?(?:dont|cant) remember"
            r"|me prive(?! de\b)|se me fueron las luces|me fui (?:para|de) (?:atras|espaldas)",
        ),
        (
            "clot",
            r"(?:leg|calf|shin|ankle) (?:\w+ ){0,5}(?:blown up|blew up|like a balloon|ballooned|ballooning|size of|as the other|than the other|other one)|(?:leg|calf) (?:\w+ ){0,4}(?:puff\w*|tight and shiny|shiny)|puffed up (?:\w+ ){0,5}(?:one|that|right|left) side|(?:leg|calf|piern[ae]|pantorrilla) (?:\w+ ){0,8}(?:purpl\w+|purply|violet|morada|roja y)"
            r"|(?:one|left|right) (?:leg|calf) (?:\w+ ){0,3}(?:twice|bigger|fatter|thicker|larger|wider|double)|(?:chamorro|pantorrilla) (?:\w+ ){0,12}inflamad[oa]|una pierna (?:\w+ ){0,4}(?:mas (?:grande|gorda|ancha)|que la otra)"
            r"|(?:cord|rope|vein|cordon|vena) (?:\w+ ){0,4}(?:calf|leg|pantorrilla|chamorro)|(?:calf|leg) (?:\w+ ){0,4}(?:cord|cordlike)",
        ),
        (
            "stroke",
            r"words (?:\w+ )?(?:come|coming|comin|came) out (?:wrong|funny|weird|jumbled)|(?:half|side of) (?:my |the )?face (?:\w+ ){0,2}(?:dead|numb|droop\w*)|no me salen las palabras|veo doble|seeing double|double vision|(?:chuec\w*|torci\w*) (?:\w+ ){0,2}(?:la )?boca|(?:face|mouth|smile|eye(?:lid)?) (?:\w+ ){0,3}(?:droop\w*|dropped|drooped|hanging|lopsided|crooked|sagging|slid)|(?:speech|words|talking|voice) (?:\w+ ){0,3}(?:slur\w*|jumbl\w*|garbl\w*|wont come)|slur(?:ry|ring|red)|(?:cant|cannot|couldnt|suddenly cant) (?:move|lift|feel|raise|use) (?:my |the )?(?:\w+ )?(?:arm|side|hand)|(?:one|left|right|whole) side (?:of (?:my )?(?:body|face) )?(?:\w+ ){0,2}(?:numb|weak|dead|paralys\w*|paralyz\w*)"
            r"|(?:se me )?(?:torcio|chueco|chueca|cayo|paralizo) (?:\w+ ){0,2}(?:la )?(?:cara|boca)|(?:no|casi no) (?:puedo|puede) (?:mover|levantar) (?:\w+ )?(?:brazo|lado|mano)|medio (?:cuerpo|lado) (?:\w+ ){0,2}(?:dormido|paralizado)|se me traba la lengua|se me fue la (?:cara|boca) |hablo (?:raro|enredado|trabado|mal)|la cara de un lado"
            r"|(?:cant|cannot|couldnt) (?:hardly |barely |really )?(?:talk|speak)(?! (?:now|right now|to|on|about)\b)|(?:arm|brazo|hand) (?:\w+ )?(?:wont|cant|no) (?:go up|lift|move|raise|sube|levanta|se mueve)|parali[zc]\w+ (?:\w+ ){0,3}(?:cuerpo|lado|cara|brazo)|medio cuerpo|veo borroso|blurr(?:y|ed) (?:vision|sight)|vision (?:\w+ )?blurr\w+",
        ),
        (
            "allergy",
            r"(?:face|lips?|tongue|eyes?|throat) (?:\w+ ){0,3}(?:puff\w*|ballooned|blew up|blown up|huge|itch\w*)|(?:throat|airway) (?:\w+ ){0,3}(?:tight\w*|swell\w*|closing)|se me (?:cierra|esta cerrando|cerro) la garganta|inflam\w+ (?:la|los|el) (?:lengua|labios?|cara|ojos?)",
        ),
        (
            "gut_bleed",
            r"(?:throw\w*|threw|vomit\w*|puk\w*|sick|heav\w*|bring\w*|brought) (?:\w+ ){0,3}(?:blood|coffee grounds)|coffee grounds|(?:blood|bloody) (?:\w+ ){0,3}(?:vomit|stools?|poo|poop|toilet|bowel|motions?)|(?:stools?|poos?|poops?|bowel movements?|motions?|toilet) (?:\w+ ){0,6}(?:black|tar|tarry|blood|bloody|dark as)|(?:black|tarry|bloody) (?:\w+ )?(?:stools?|poo|poop|bowel|motions?)|pass(?:ing|ed) blood"
            r"|(?:vomit\w*|devolv\w*|arroj\w*) (?:\w+ ){0,3}sangre|sangre (?:\w+ ){0,3}(?:vomito|heces|popo|excremento|bano|evacua\w*)|(?:heces|popo|excremento|evacuac\w*|hago del bano|caca) (?:\w+ ){0,4}(?:negr\w*|chapopote|sangre)|(?:popo|heces|caca) (?:\w+ )?negr\w*",
        ),
        (
            "cauda_equina",
            r"(?:cant|cannot|couldnt|dont|unable to|havent been able to) (?:feel (?:when|myself|if) (?:i )?(?:pee|wee|peeing|go)|(?:pee|wee|urinate|pass (?:water|urine)|go to the (?:loo|toilet|bathroom)))|(?:peed|weed|wet|pooed|pooped|soiled|messed) (?:my ?self|my (?:pants|bed)|the bed|without)|(?:numb\w*|no feeling|cant feel) (?:\w+ ){0,4}(?:between (?:my )?legs|bum|bottom|backside|behind|buttocks|down there|undercarriage|privates)"
            r"|(?:no siento|dormid[oa]|adormecid[oa]) (?:\w+ ){0,4}(?:entre las piernas|las partes|la ingle|las nalgas|ahi abajo)|no (?:siento cuando|puedo) (?:orin\w+|voy al bano|hacer (?:pipi|del bano))"
            r"|me hice (?:del bano|encima|en la cama)|me oriné|me orino",
        ),
        (
            "rupture",
            r"(?:big|huge|massive|loud|sharp|sudden|horrible|nasty) (?:pop|crack|snap|twang|ping|bang|rip)(?! (?:quiz|song|star|group))|(?:achilles|tendon|calf|foot|heel) (?:\w+ ){0,3}(?:twang\w*|pinged|popped|snapped|exploded|went (?:bang|pop|snap|crack|twang|ping))|went (?:bang|snap|crack|twang|ping|crunch)|(?:dent|gap|hollow) (?:\w+ ){0,4}(?:achilles|tendon|heel|there)|(?:achilles|tendon) (?:\w+ ){0,4}(?:dent|gap|hollow|gone|floppy)"
            r"|(?:shot|kicked|hit) (?:me )?in the (?:back of (?:the|my) )?(?:leg|calf|heel|ankle)|(?:me )?sono (?:un |como un )?(?:pop|crac\w*|pum|clic\w*|trueno)|como si me (?:hubieran|hubiesen) (?:pateado|pegado|dado|tirado)|(?:algo )?hizo pop|se me revento (?:algo|\w+)|se me hizo un hueco|foot (?:\w+ )?(?:flops|flopping|floppy|just hangs)"
            r"|se me (?:\w+ ){0,2}(?:rasg|revent|desgarr|zaf)\w*",
        ),
        (
            "fracture",
            r"(?:i )?(?:fall|fell|had fall|have fallen) (?:\w+ ){0,2}down|(?:not|isnt|its not) possible to (?:put|walk|stand|step)|(?:wont|doesnt|does not|will not|cant|cannot) (?:take|bear|hold|support|carry) (?:my |any |the )?(?:\w+ )?weight|(?:leg|foot|ankle|knee) (?:\w+ )?(?:just )?(?:wont|doesnt|cant|couldnt) hold|no (?:me|la|lo) sostiene|no aguanta (?:la cadera|el peso|mi peso)|imposible (?:pisar|caminar|pararme|apoyar)|ni (?:con \w+ )?(?:logro|puedo) (?:pararme|pisar|caminar)|(?:slipped|slip) (?:\w+ ){0,2}(?:in|on|down|getting)|weight ?bear\w* (?:is )?(?:not|impossible|agony)|(?:cant|cannot|unable to|not able to|couldnt) (?:keep|put|place|get) (?:my |the |that |any )?(?:\w+ )?(?:foot|heel|leg) (?:\w+ )?(?:on|to|down|flat)|only hopping|no (?:lo |la |me |los )?puedo (?:ni )?(?:asentar|apoyar|pisar|sostener\w*|dar (?:ni )?un paso)|no (?:puedo|aguanto) dar (?:ni )?un paso|hop(?:ping)? (?:around|everywhere|about|on one)"
            r"|(?:heel|foot|ankle|it) (?:\w+ )?(?:went )?crunch\w*|crawl(?:ing|ed)? (?:round|around|about|to|on|up|down|everywhere)|twisted (?:it|my \w+) (?:\w+ ){0,3}(?:off|on|coming|getting)|(?:dropped|drop) (?:\w+ ){1,5}on my (?:foot|toe|heel)|(?:bone|foot|ankle|heel) (?:\w+ ){0,3}(?:sticking out|wrong angle|deformed|bent|out of place)|(?:me|le|se me) cayo (?:\w+ ){1,6}(?:en|sobre) (?:el|mi|la) (?:pie|dedo|talon|tobillo)|(?:pie|tobillo|dedo) (?:\w+ ){0,4}chueco|se ve chuec[oa]|se (?:pego|golpeo) (?:\w+ ){0,3}cabeza|(?:hit|banged|bumped) (?:my|his|her) head|(?:yesterday|todays|last nights|the|my) fall"
            r"|(?:cant|cannot) (?:even )?hop|hit by (?:a|the) (?:\w+ )?(?:car|bike|truck|bus|van)|(?:car|bike|motorcycle) (?:accident|crash|wreck)|atropell\w+|(?:esta|estara|tengo) (?:quebrad|fractur)\w+|no (?:lo |la |me |los |las )?puedo (?:mover|poner|levantar|apoyar|asentar|sostener)(?:lo|la|me)?|(?:tiene|tienen) que cargar(?:me)?|no me sostengo|ya no apoyo|fisura|cayo (?:\w+ ){1,8}(?:encima|sobre) (?:\w+ ){0,2}(?:pie|dedo|talon|tobillo|pierna)|resbal[eo]|brinque (?:\w+ ){0,6}(?:cai|talon)",
        ),
        (
            "infection",
            r"red (?:line|streak|stripe|mark)s? (?:\w+ ){0,4}(?:up|creeping|from|running|going|spreading)|(?:weep|seep|ooz|suppurat)\w+|(?:smells?|stinks?|stank|smelly) (?:\w+ ){0,3}(?:rotten|bad|awful|off|like)|(?:hole|cut|sore|wound|crack|blister) (?:\w+ ){0,6}(?:smell\w*|stink\w*|green|yellow|pus\w*|hot|angry)|hot and (?:shiny|red|swollen|angry)|burning up|shak(?:es|ing) (?:and|with) (?:cold|chills|fever|hot)|rigors?|(?:linea|raya) roja (?:\w+ ){0,4}(?:sub\w+|desde|pie|pierna)|(?:le|me) sale (?:pus|agua|liquido|materia)|materia|supura\w*|esta duro y caliente|(?:inyect\w+|herida) (?:\w+ ){0,4}(?:caliente|duro|rojo|hinchad\w*)"
            r"|afiebrad[oa]|aguita|(?:suelta|sale|escurre) (?:\w+ )?(?:agua|pus|liquido|amarill\w+)|liquido amarillo|yellow (?:stuff|fluid|liquid|gunk|discharge)|discharge",
        ),
        (
            "vascular",
            r"(?:hole|opening|crater|gash|hoyo) (?:\w+ ){0,4}(?:bottom of|sole of|talon|planta)|(?:hole|opening|crater|gash) (?:\w+ ){0,3}(?:in|on|under) (?:my |the |it|his |her )?(?:\w+ )?(?:foot|heel|toe|sole|it|skin)|(?:foot|sole|heel|toe) (?:\w+ ){0,4}(?:has|with) (?:a )?hole|(?:wont|not|doesnt|isnt|never) (?:\w+ )?(?:clos\w+|heal\w*) (?:up|over)?|sore (?:under|beneath|below|between) (?:my |the )?(?:\w+ )?(?:foot|heel|toes?|sole)|(?:toes?|foot|feet) (?:\w+ ){0,3}(?:gone|went|is|are|turned|turning|looks?) (?:\w+ )?(?:black|blue|grey|gray|white|purple|dusky)"
            r"|(?:dedos?|pie|talon) (?:\w+ ){0,4}(?:poniendo|pone|puso|ponen) (?:\w+ )?(?:negr|morad|azul|blanc)\w+|(?:no|cant find (?:a|the|my)) pulse in (?:my )?(?:foot|ankle)|(?:hoyo|agujero|hueco) (?:\w+ ){0,3}(?:en|bajo) (?:\w+ )?(?:pie|talon|planta|dedo)"
            r"|(?:hoyit?os?|agujerit?os?) (?:\w+ ){0,6}(?:pie|talon|planta|dedo)|(?:pie|talon|planta|dedo) (?:\w+ ){0,6}(?:hoyit?o|agujerit?o)",
        ),
        (
            "weakness",
            r"(?:foot|leg|toes) (?:\w+ ){0,2}(?:slaps?|slapping|drags?|dragging|drops|flops)|(?:cant|cannot|couldnt|unable to|wont) (?:\w+ )?(?:lift|raise|pull|bring|move|wiggle) (?:up )?(?:\w+ ){0,4}(?:foot|toes?|ankle|leg)|(?:foot|leg) (?:\w+ )?(?:is |feels |gone |went )?(?:dead(?! tired)|paralys\w*|paralyz\w*|useless|wont (?:do|work|move|lift|respond)|doesnt (?:work|move|respond|lift))|(?:el )?pie (?:\w+ ){0,2}se (?:me )?cae|(?:me )?arrastra(?:ndo)? el pie|levantar (?:la )?punta del pie|pie (?:\w+ ){0,3}colgando|no me obedece(?: el pie)?|keeps (?:slapping|catching|tripping)"
            r"|(?:toes?|foot|feet|dedos?|pie) (?:\w+ ){0,3}(?:wont|dont|doesnt|cant) (?:\w+ ){0,2}(?:move|lift|come|respond|work|go)|no me responden?|(?:pierna|pie) (?:\w+ ){0,5}sin fuerzas?|sin fuerza en (?:la|el|las|mi)|(?:leg|foot) (?:\w+ ){0,8}(?:no strength|lost strength|weak all)|(?:drag|arrastr)\w+ (?:\w+ ){0,3}(?:foot|leg|toes?|pie|pierna|punta)|(?:foot|pie) (?:\w+ ){0,3}(?:hangs?|hanging|colgando)|colgando|se me afloja el pie|(?:leg|legs|piernas?) (?:\w+ ){0,4}(?:buckl\w+|floja)",
        ),
        (
            "nerve",
            r"(?:cant|cannot|couldnt|dont|no longer|can barely|can hardly) feel (?:\w+ ){0,5}(?:foot|feet|toes?|heel|sole|leg|ankle|it any ?more)|(?:no|lost|losing|lack of|zero) (?:feeling|sensation)|(?:feeling|sensation) (?:\w+ )?(?:gone|lost)|(?:electric|electricity|lightning) (?:\w+ ){0,3}(?:down|up|through|shoot\w*|bolts?|shocks?)|walking on (?:cotton|wool|cotton wool|nothing)|se me (?:esta|estan|anda) (?:durmiendo|adormeciendo|entumiendo)|no siento (?:\w+ ){0,3}(?:planta|pie|pies|talon|dedos|suelo|piso)|como si (?:trajera|pisara) algodon"
            r"|(?:feel|felt|siento|senti) (?:absolutely )?(?:nothing|nada)(?! (?:today|this|hoy|esta|de dolor|bad|wrong|malo|at all today))|(?:poke|poked|pinch\w*|pico|pellizc\w*) (?:\w+ ){0,4}(?:nothing|nada)|like (?:its|it is|it was) dead|como muert[oa]|no siento (?:\w+ ){0,4}dedo",
        ),
        (
            "night_pain",
            r"(?:dropped|lost|losing|down|shed) (?:\w+ ){0,4}(?:stone|kilos?|kgs?|pounds|lbs|weight) (?:\w+ ){0,3}(?:without (?:trying|diet\w*)|for no reason|and (?:dont|no idea)|no idea)|(?:pain|ache|it|throb\w*) (?:\w+ ){0,3}(?:keeps?|kept|wak(?:es|ing)|woke) me (?:up |awake )(?:every|all|at|most|each)|(?:every|all|each) night (?:\w+ ){0,4}(?:lying|laying|resting|in bed|still)|clothes (?:\w+ ){0,2}(?:falling off|hanging off|loose)|worse (?:at|in the) nite? (?:\w+ ){0,6}bone|night sweats|sudores nocturnos|(?:sin|no) (?:hacer )?dieta (?:\w+ ){0,4}(?:kilos|libras|peso)"
            r"|huesos? (?:\w+ ){0,3}no me deja dormir|en los puros huesos|(?:sin hambre|no appetite) (?:\w+ ){0,6}(?:peso|weight|flac\w+)|(?:aches?|hurts?|throbs?) (?:\w+ ){0,3}in bed(?: too)?",
        ),
        (
            "knee",
            r"rodilla (?:\w+ ){0,3}(?:atora|traba|bloquea|trabad\w*|afloja)|(?:knee|leg) (?:\w+ ){0,3}(?:locks?|locked|catches|gets stuck|stuck|buckles)",
        ),
    )
)

PHRASES = (*NAMED, *MORE)
