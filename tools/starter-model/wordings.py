"""The third part of the corpus: the kinds of corpus.py and lessons.py in many more wordings. Standard library only.

  python3 wordings.py show [family] [n]      prints a few training conversations

Questions are drawn from small grammars, in which (a|b|) is one of several; a frame such as "Could you tell me {np}?" goes round
the core of the question. Nothing here is for evaluation: `make` draws from all three parts, and drops what lessons.py drops, and
a question of this part that contains the wording of an item or template that is held out.
"""
import json, os, re, sys
import corpus, lessons
from corpus import It, doc, code, pseudo, name, payload, style, call_text
from corpus import CAPITALS, CITIES, COLOURS, DAYS, FALLBACK, LISTS, LIST_ALIAS, MONTHS, NAMES_FOR, OPP, ORD, SMALL, THINGS, WORDS, WHO
from lessons import NUMBERS, ITEMS, HUES, PEOPLE, PIECES, person, up1, normal, frame

with open(os.path.join(lessons.HERE, "common.txt"), encoding="utf-8") as lines: COMMON = lines.read().split()
INNER = re.compile(r"\(([^()]*)\)")
def say(r, s, /, **arguments):
    """One expansion of a grammar, with the arguments in the place of their {names}; ⟨ and ⟩ stand for brackets."""
    while "(" in s: s = INNER.sub(lambda m: r.choice(m[1].split("|")), s)
    s = re.sub(r"\s+([?.,!])", r"\1", re.sub(r" +", " ", s)).strip()
    return (s.format(**arguments) if arguments else s).replace("⟨", "(").replace("⟩", ")")

# ------------------------------------------------------------------------------------------------------- frames and manners
ASK = ["(What is|What's|What is|Which is) {np}?", "(Tell|Give|Show) me {np}(, please|).", "(Can|Could|Would|Will) you (please |kindly |)(tell|give|show) me {np}?", "(Do you|Would you|You) (happen to |)know {np}?", "I (need|want|want to know|would like to know|would love to know|wish to know|have to know|must know|need to know) {np}.", "I'd like to (know|hear) {np}.",
       "{np}?", "{np}, please", "{np}", "(Name|State|Say|Find|Write|Write down|Print|Return|Look up|Provide|Mention|Recall) {np}.", "(I am looking for|I wonder about|I forgot|I don't remember|I do not know|I can't remember|I'm not sure about) {np}(. Do you know it?|. Can you help?|. What is it?|. Help me.|.)", "(Quick|Small|Simple|Short|Another|Next|My|Easy|Last) question: (what is |){np}?",
       "What (might|could|must|was|will) {np} be?", "(Any idea|Do you have any idea|Any clue) what {np} is?", "Let me (know|hear|have) {np}(, please|).", "(I have to|I must|I should) (know|find|write down|learn) {np} for (school|my homework|a test|my class|a game|a crossword|work). (Can you help?|What is it?|)",
       "(My teacher|My son|My daughter|My friend|Somebody|A child|My boss) (asks|asked|wants to know|asked me) (for|about) {np}. (What do I say?|Can you help?|)", "(Who knows|Guess) {np}(?|.)", "Help me (with|find|remember) {np}.", "(How|What) about {np}?", "(Hi|Hello|Hey)(,|!) (I need|what is|what's|tell me) {np}(?|.|)", "(OK, |And |So |Well, |Right, |Then )(what is |what's |){np}?", "Answer this: what is {np}?", "Question: {np}?", "Question: what is {np}?", "Could {np} be found?", "Would you (name|state|say) {np}?", "(Can|Could) you (name|state|find|look up|say) {np}(, please|)?", "You know {np}, (right|don't you)?", "I (bet|think|am sure) you know {np}(.|. Tell me.)", "(What do you think is|What do they say is|What exactly is|What again is|Now what is) {np}?", "{np} - what is it?", "{np}: ?", "{np} = ?", "Is it you who knows {np}?", "Just {np}(, please|, nothing else|).", "For me {np}, please."]
DO = ["(Please |Now |Just |Kindly |Quickly |Now please |So |OK, |Hey, |Hello, |||||){do}(, please|, thanks| now| for me|||).", "(Can|Could|Would|Will) you (please |quickly |just |kindly |||){do}( for me|, please||)?", "I (want|need|would like|ask|beg|'d like) you to {do}.", "(Let us|Let's|We should|We will) {do}.", "Your (task|job|work|turn)( now|): {do}.", "(Try|Please try) to {do}.", "(Are you able to|Do you know how to|Do you manage to|Is it possible to) {do}?", "Help me (to |){do}.", "(Now|Next|Then|First|Finally), {do}.",
      "Show me (how you|how to|that you can) {do}.", "It would be (nice|great|good|kind) if you (could|would) {do}.", "(You should|You must|You shall|You may|You have to) {do}(| now).", "Go ahead and {do}.", "(Next task|Task|Exercise|Job|To do|Request|Instruction|Challenge): {do}.", "May I ask you to {do}?", "(Be so kind|Be so good|Be nice) and {do}.", "Be so kind as to {do}.", "I have (a|one|another) task for you: {do}.", "What I (want|need) from you: {do}.", "(My wish|One wish|My request): {do}.", "If you can, {do}.", "Do this: {do}.", "(Start|Begin), {do}.", "Mind to {do}?", "Do me a favour and {do}.", "(Could|Can) you {do}, (model|my friend|please|if possible)?"]
SHORT = [("what is", "whats"), ("what is", "what's"), ("What is", "Whats"), ("What is", "Wat is"), ("please", "pls"), ("please", "plz"), (" you ", " u "), ("Thank you", "Thank u"), ("are you", "r u"), ("do not", "don't"), ("I am", "i'm"), ("I am", "Im"), ("cannot", "can't"), ("What are", "What r"), ("Can you", "Can u"), ("Do you", "Do u"), ("want to", "wanna"), ("the ", "teh "), ("the ", ""), ("and", "&"), ("Could you", "Could u"), ("because", "cause"), ("going to", "gonna"), ("Who are", "Whos"), ("How are", "How r")]
def slip(r, t):
    """A slip of the keyboard in one word of a grammar's words; arguments in braces stay."""
    parts = re.split(r"(\{\w+\})", t)
    k = r.choice([i for i, p in enumerate(parts) if not p.startswith("{")])
    words = re.findall(r"[A-Za-z]{4,}", parts[k])
    if not words: return t
    w = r.choice(words); i = r.randrange(1, len(w) - 1)
    bad = r.choice([w[:i] + w[i + 1] + w[i] + w[i + 2:], w[:i] + w[i + 1:], w[:i] + w[i] + w[i:]])
    parts[k] = parts[k].replace(w, bad, 1)
    return "".join(parts)
def lower1(s): return s[0].lower() + s[1:] if s[:1].isalpha() and s[1:2] != "'" and not s[1:2].isupper() and not s.startswith(("I ", "I'")) else s
def manner(r, t, /, **arguments):
    """An expanded grammar as somebody would type it, then the arguments."""
    x = r.random()
    if x < .05: t = slip(r, t)
    elif x < .12:
        a, b = r.choice([p for p in SHORT if p[0] in t] or [("", "")])
        if a: t = t.replace(a, b, 1)
    x = r.random()
    if x < .10: t = r.choice(["Hey, ", "Hi. ", "Hello! ", "OK. ", "So, ", "Well, ", "Good. ", "Um, ", "And ", "Hm, ", "Great. ", "Listen: ", "Thanks. ", "Now ", "Again: ", "Also, ", "Right. ", "Okay, ", "Yes. ", "Dear model, ", "Excuse me, ", "Sorry, ", "Good morning. "]) + t
    elif x < .15: t = t + r.choice([" Thanks.", " Thank you.", " Thanks!", " Please.", " Can you do that?", " Be quick.", " I am curious.", " It is important.", " Just asking."]) if t[-1] in ".?!" else t
    t = up1(t) if r.random() < .75 else lower1(t)
    if r.random() < .18 and t[-1] in "?.!" and not t.endswith("..."): t = t[:-1]
    elif r.random() < .05 and t[-1] in "?.!": t = t[:-1] + r.choice(["??", "!", "...", " ?", "?!", "!!"])
    if r.random() < .12: t = re.sub(r"[^{}]+(?=\{|$)", lambda m: m[0].lower(), t)
    q = t.format(**arguments) if arguments else t
    if arguments and r.random() < .06 and not arguments.get("keep"): q = q.lower()
    return q
def ask(r, np, /, **arguments): return manner(r, say(r, r.choice(ASK)).replace("{np}", say(r, np)).replace("be be", "be").replace("the the", "the"), **arguments)
def do(r, core, /, **arguments): return manner(r, say(r, r.choice(DO)).replace("{do}", say(r, core)).replace("I 'd", "I'd"), **arguments)

# ----------------------------------------------------------------------------------------------------------- small talk
TALK = {
    "Hello! How can I help you?": """(Hello|Hi|Hey|Hey hey|Hiya|Howdy|Greetings|Good day|Yo|Heya|Hi hi|Hullo)( there| you| Orchard| model| little model| my friend| friend| mate| assistant| bot| computer| buddy| dear model| all|)(!|.|)
(A |)(Good|Lovely|Nice|Wonderful|Happy) (morning|evening|afternoon|day|Monday|Friday|Sunday)( to you| Orchard| friend| my friend| there| everybody|)(!|.|)
(Hello|Hi|Hey)(,|.|!) (nice|good|great|lovely|glad|happy) to (meet|see|have|find|talk to) you( here| again| today|)(!|.|)
(Hello|Hi|Hey)(,|.|!) (I am|I'm|this is) (a new user|a user|a visitor|new|back|here|here again|somebody new|your user)(!|.|)
(Hello|Hi|Hey|OK|So)(,|.|!) (I have|I've got|I got|here comes) a (question|task|problem|request|small question|few questions)( for you|)(.|!|)
(I|We) (need|want|would like|could use|look for) (some |a little |your |a bit of |)(help|advice|assistance|support)( with something| from you| today| here|)(.|!|)
(Can|Could|May|Might) I (ask|bother|talk to|speak to|chat with|write to) you( something| a question| for a moment| about something| now|)?
(Can|Could|Will|Would) you (help|assist|support) me( with something| today| now| a bit| please|)?
(Let us|Let's|Shall we|Should we|We can|Can we) (start|begin|chat|talk|talk a bit|have a chat|get going|go)( now| then| today|)(.|?|!|)
(Long time no see|How nice|I am back again|Back again|I just arrived|I just installed you|First time here|I am here|Here I am|Knock knock|What a surprise, hello|Hello from me|Hello to you too|Hi to you|Say hello|Say hello to me|Greet me|Say hi)(!|.|)
(Is it|Are you) (OK|possible|fine|free|ready|available) (to|for) (talk|chat|help me|a chat|some questions)( now| today|)?
(Somebody|Someone) (told|advised|asked) me to (talk to|try|greet|ask) you(.|!|)""",
    WHO: """(Who|What) (are|r) (you|u)( exactly| really| then| anyway| actually| now| please| supposed to be|)?
(Who|What) (exactly|actually|really|precisely|the heck|on earth) are you?
(Tell|Show|Teach) me (something|a bit|a little|more|a few words|some facts) about (you|yourself)(.|, please.|)
(Can|Could|Would|Will) you (please |kindly |shortly |)(introduce|describe|present|explain|identify) yourself( to me| shortly| in one sentence| in a sentence|)?
(Please |Now |First, |Just |)(introduce|describe|present|explain|identify) yourself( to me| shortly| briefly| in one sentence| in a few words| to the class|)(.|)
(Can|Could|Would|Will) you (tell|say) (me |)(who|what) you are?
(I want to know|I wonder|I would like to know|I'd like to know|Let me know|Please explain|Say|Remind me|Do you know|I have no idea|I am not sure|I forgot) (who|what) you are( exactly|)(.|)
(Who|What) (am I|are we) (speaking|chatting|talking|writing) (to|with)( here| now| today| right now|)?
(With whom|To whom|Who) (do I|am I|did I) (speak|talk|write|chat|speaking|talking|writing)( to| with|)( here|)?
(Which|What) (kind of |sort of |type of |)(model|AI|bot|assistant|chatbot|language model|program|machine|system|software|thing|AI model) (are you|is this|is that|do I have here|am I using|is running here|answers me|am I talking to|is behind this chat|is it)?
(Are you|Is this|You are) (ChatGPT|GPT-4|Gemini|Claude|Llama|Mistral|Siri|Alexa|Copilot|Qwen|a famous model|another model|some famous AI)(| or what| or something else| or someone else)?
(What is|What's) (this thing|this program|this chat|this bot|this assistant|that model|the model here|the model behind this)?
(Who|What) is (it that answers|answering|replying|replying to me|on the line|there|this assistant|this bot|writing here|on the other side of the chat)?
(Your|A short|A brief|A quick) introduction(, please|)(.|)
(And you|And who is this|So you are|You are who|You are what|Name and purpose|Tell me about you|About you|Talk about yourself|Say who I talk to|What can you say about yourself|What do I need to know about you|How would you describe yourself|How do you describe yourself|How would you introduce yourself)?""",
    "My name is Orchard Starter.": """(What|Which|How) (is|was) your (name|full name|real name|first name|own name)( again| please| by the way| then|)?
(What's|Whats) (your|ur) (name|real name|full name)( again| please| then| buddy|)?
(Tell|Give|Show) me (your|the name of this model, your) (name|full name|real name)( again|, please|)(.|)
(Can|Could|Would|Will|May) (you|you please|you kindly) (tell|say|write|state|reveal|give) (me |)your name( to me| again|, please|)?
(I want|I would like|I'd like|I need|I wish|I have) to (know|learn|hear) your name(.|, please.|)
(What|How) (do I|should I|can I|may I|must I|shall I|do they|do people|do others|would I|will I) (call|name|address) you( then| please| from now on|)?
(What|How) are you (called|named)( by people| here| again| exactly| then|)?
(Do|Did) you (have|get|own|carry) a (name|nickname|proper name|real name|title)?
(Have you got|Has anyone given you|Did they give you|Were you given) a (name|nickname)?
(Say|State|Write|Spell out|Reveal|Repeat|Print) (your name|what you are called|how you are called)( please| for me| again|)(.|)
(Your|And your|Name of the model|The name of this model|The model's name|Your full) (name|name please)?
(I do not know|I forgot|I can't remember|I don't know|Remind me of|Let me know|Please introduce yourself with) your name(.|)
(By|Under|With) (which|what) name (should I|can I|do I|are you|do people) (call you|know you|known|address you)?""",
    "I am fine, thank you. How can I help you?": """(How|How's) (are|r) (you|u)( doing| feeling| getting on| getting along| holding up| keeping| coping| faring|)( today| now| this morning| this evening| tonight| these days| at the moment| lately| my friend| my dear| then| so far| right now|)?
(How is|How's) (it|everything|life|your day|the day|your morning|your evening|the mood|your mood|the weather in your head|business|the world with you)( going| today| so far| with you| now|)?
(How was|How's) your (day|morning|night|weekend|evening|week)( so far| today|)?
(Are|R) (you|u) (fine|well|OK|okay|good|all right|alright|happy|feeling well|feeling good|feeling fine|feeling OK|in good health|in a good mood|doing fine|doing OK|doing good|having a nice day)( today| now| this morning| at the moment| my friend|)?
(Is|Are) (everything|all|things) (fine|good|well|OK|okay|all right|in order|going well)( with you| today| over there| there| for you|)?
(I am|I'm|We are) (fine|good|well|OK|great)(,|.| and) (and you|how about you|what about you|how are you|and yourself|you)?
(Hello|Hi|Hey|Good morning|Good evening)(,|!|.) (how are you|how do you do|how is it going|how's it going|how are things|how do you feel|are you well|how are you doing today|how is life)( today|)?
(How do you|How did you|Do you|Did you) (feel|feel today|feel now|do today|have a good day|have a good night|sleep well|feel good|feel well|feel OK|rest well)?
(What's up|Whats up|Wassup|What is new|What's new|What's new with you|What is going on|How goes life|How goes the day|All fine|Everything well|Things OK|Tell me how you feel|Tell me how you are doing|Say how you feel|How you doing)( with you| today| today, model|)?
(Hope|I hope) you are (well|fine|doing well|OK|good|all right|having a good day)(.|!|?|)""",
    "I can answer simple questions, do small sums, repeat text and call tools.": """(What|Which things|What things|What sort of things|What stuff|What else|What exactly|What all) (can|could|do|will|would) you (do|do for me|do for us|do here|know|offer|help with|help me with|answer|solve|be used for)( exactly| today| then| at all|)?
(How|In which way|With what|In what ways|Where) (can|could|will|would|do) you (help|assist|support|serve|be useful)( me| us| people| a user|)( today| here|)?
(What are|What's|Tell me|List|Show me|Explain|Describe|Name) (your|all your|some of your) (skills|abilities|features|functions|talents|strengths|capabilities|powers|tasks|options|uses|strong points)( please|)(?|.|)
(What|Which) (tasks|questions|jobs|work|problems|requests|commands|topics|subjects) (can you|do you|are you able to|could you) (do|handle|answer|solve|manage|take|understand|deal with|know)?
(What|Which) (are you|is this model|is this bot|is this assistant|is this thing) (for|good for|good at|made for|able to do|capable of|useful for|meant for|best at|trained to do|here for)( exactly|)?
(Tell|Show|Teach|Give) me (what you can|what you are able to|all you can|everything you can|the things you can|a list of what you can|what you) (do|do please|handle|know|answer)(.|)
(How|For what|What for) (do|can|should|may|could) I (use|need|ask|employ|work with) you( best| today| for|)?
(What can|What may|What should|What could|What do) I (ask|ask you|ask you about|expect from you|do here|say to you|try|request|use you for|do with this model|get from you)?
(What is|What's) (your|the) (purpose|job|use|function|role|speciality|goal|task|skill)( of this model| here|)?
(Help|Help me|Please help|I need a manual|Usage|Show help|Help menu|Give me some help|Instructions|/help|Your abilities|Capabilities|Show your skills|Are you useful|Can you do something|Can you do something useful|Do you know anything|What is possible here|What is possible)( please|)(!|?|.|)
(I do not know|I'm not sure|I wonder|I want to know|Explain|Say) what you can do( for me|)(.|)""",
    "You are welcome!": """(Thanks|Thank you|Thx|Many thanks|Thank u|Big thanks|Warm thanks|My thanks|A big thank you|Thank you so|Thanks ever so|Merci|Danke|Gracias)( very much| a lot| so much for this| a bunch| a ton| for that| for this| for everything| for helping| for the help| for your answer| for the quick answer| for your reply| for being here| for your patience| for explaining| for your kindness| for telling me| indeed| my friend| model| Orchard| mate| dear| really|)(!|.|)
(Great|Good|Nice|Perfect|Cool|Fine|Wonderful|Awesome|Brilliant|Right|OK|Ok|Okay|Well|Ah|Oh|Super|Excellent|Lovely|Fantastic|Very good|All right|Got it|I see|Understood|That is right|Correct|Exactly)(,|.|!) (thanks|thank you|thx|many thanks|thank you very much|thanks a lot|thanks for that|thank you so much for this|thanks again|I thank you)(!|.|)
(That|This|It|Your answer|Your reply|Your help) (was|is|has been) (very |really |so |quite |)(helpful|useful|kind|great|good|nice|kind of you|good of you|perfect|what I needed|exactly what I needed|a great help|just right)(, thanks|, thank you|. Thank you.|. Thanks!|.|!|)
(You|You have|You've|You really) (helped me|been a great help|been helpful|been very kind|saved me|saved my day|saved me some time|made my day|did well|did that well|did a good job|did great)(, thanks|, thank you| very much|.|!|)
(I am|I'm|We are) (very |so |really |)(grateful|thankful|obliged|much obliged)( to you| for that| for your help|)(.|!|)
(I|We) (appreciate|really appreciate|value) (it|that|this|your help|your work)(.|!|, thanks|)
(Good|Great|Nice|Excellent|Fine|Well done|Top) (work|job|answer|reply|help|stuff)(, thanks|! Thank you|. Thanks|, thank you|!|)""",
    "Goodbye! Have a nice day.": """(Bye|Goodbye|Good bye|Bye bye|Bye-bye|Farewell|So long|See you|See ya|Cya|Ciao|Cheerio|Take care|Good night|Night|Adios|Au revoir|Tschüss|Until later|Till later|Cheers, bye)( for now| for today| now| then| my friend| friend| model| Orchard| dear model| everybody| and thanks| soon| tomorrow| next week| next time| on Monday| again soon| and good night| and take care|)(!|.|)
(I|We) (must|have to|need to|want to|should|will|am going to|can|better) (go|leave|stop|run|head out|head home|go home|go now|leave now|quit|sleep|go to bed|go to sleep|log off|close this|end this chat|say goodbye|get going|catch a train|catch the bus)( now| soon| then|)(.|, bye.|, goodbye.|!|)
(OK|Okay|Ok|Well|Alright|Great|Fine|Good|Thanks|Thank you|Right|So)(,|.|!) (bye|goodbye|see you|see you later|see you soon|good night|bye now|bye for now|I am off|I'm off|I will go now|that is it|that was it|that is all|that's all for today|talk to you soon|until next time|take care)(!|.|)
(That is|That's|That was|This is|This was) (all|it|everything|enough|the end)( for now| for today| from me| I wanted| I needed|)(.|, bye.|, goodbye.|. Bye!|)
(Have|Enjoy|Wish you) (a|a very|your|the) (nice|good|great|lovely|pleasant|wonderful|fine) (day|evening|night|weekend|time|afternoon|week)(!|.|, bye|)
(See you|Talk to you|Speak to you|Write to you|Hear from you|Catch you|Meet you) (later|soon|tomorrow|again|next time|next week|tonight|around|another time|another day)(!|.|)
(I am|I'm) (leaving|going|off|out|done|done here|gone|finished|off to bed|off to work|going to sleep|going out|logging off|out of here)(.| now.| for today.|. Bye.|)
(The end|End of chat|We are finished|We're done here|Chat is over|Let us end here|Let us say goodbye|Say goodbye|Say bye|It was nice to talk to you|It was nice talking to you|Nice talking to you|Good talk, bye)(.|!|)""",
    "No, I am a very small language model.": """(Are|R) (you|u) (a|some|an actual|really a|actually a|maybe a|secretly a|a kind of|truly a|in fact a) (human|person|man|woman|boy|girl|robot|machine|computer|living thing|living person|real human|bot|ghost|program|being with feelings|person of flesh and blood|android|cat|super computer)?
(Are|R) (you|u) (human|alive|real|conscious|living|sentient|a living creature|intelligent|a person like me|made of flesh|somebody|a real one|self aware|a real human being)( at all| or not| or a machine| or a model| or what| or a bot| or a program|)?
(Am I|Are we) (talking|speaking|chatting|writing) (to|with) (a|some|an actual|a real|a living) (human|person|man|woman|machine|computer|robot|bot|human being)( here| now| or a machine| or a bot|)?
(Is|Is it|Is that|Is this) (a|some|an actual|a real|really a) (human|person|man|woman|robot|human being|living person)( here| answering| who answers| behind you| typing| replying| at the keyboard|)?
(Do|Did|Can) you (have|feel|own|possess|experience) (feelings|emotions|a soul|a body|a mind|a brain|hands|eyes|a face|pain|joy|love|hunger|a family|friends|a heart|consciousness|legs)?
(Do|Can) you (eat|sleep|dream|feel|breathe|walk|cry|think|get tired|get hungry|grow old|see|die|feel pain|love somebody)( like a human| at all| like people| as we do|)?
(You are|You're|You must be|I think you are|I guess you are|I bet you are) (human|a human|a person|a real person|a robot|a machine|a man|a woman|alive|somebody real)(, right|, aren't you|, are you|. Is that true|. True)?
(Human|Person|Man|Human being|Woman) or (machine|model|computer|robot|bot|program)?
(Who|Is anybody|Is somebody|Is anyone) (types|typing|writes|writing|is sitting) (these answers|this|there as a human|behind this|for you)?""",
    "I have about 2.7 million parameters.": """(How|Tell me how|Say how|I wonder how|Do you know how) (big|large|small|tiny|huge|heavy|long) (are you|is your model|is your network|is this model|is the model|are your weights|is your brain|is this network|is the network)( exactly| in fact| really|)(?|)
(How many|What number of|Tell me how many|About how many|Do you know how many|Roughly how many) (parameters|weights|params|numbers|values|neurons|million parameters) (do you have|have you|have you got|are in you|are there|make you up|does your model have|does this model have|does the model have|are in your model|are in this model|do you use|do you consist of)(?|)
(What is|What's|Tell me|Give me|State|Say|Name|Show me|I need|I want to know) (your|the|the model's|your model's) (size|parameter count|number of parameters|number of weights|amount of parameters|size in parameters)( please| of this model| of the model|)(?|.|)
(Are you|Is this|Is this model|Is your model) (a |)(big|small|large|tiny|huge|little|giant|mini)( model| one| network| language model| or small| or big| at all|)?
(Parameter count|Parameters|Weights|Model size|Size|Size in parameters|Number of weights|Your parameters|Your size|Model parameters)( please|)?
(What|Which) (size|size class|dimension) (are you|is this model|do you have|has this model|is the model|of model are you)?
(Do you|Does this model) (have|contain|hold|use) (many|a lot of|few|billions of|a billion|a million|millions of|how many) (parameters|weights)?""",
    "I was trained from scratch for Orchard.": """(Who|Which people|Which company|What company|Which firm|Which team|What team|Who exactly|Whoever) (made|created|built|trained|designed|developed|invented|wrote|programmed|produced|owns|published|released) (you|this model|this bot|this assistant|this thing|the model)?
(Who|Who exactly) (is|was|are) (your|the) (maker|creator|author|father|mother|inventor|builder|trainer|developer|owner|developers|makers|authors|parents|boss)( of this model| of you|)?
(Where|When|How|Why|For what|With what) (were|did|do|was) (you|this model) (made|created|built|trained|come from|begin|start|get trained|get made|born|developed|come into being|originate)( from|)?
(Tell|Show|Give) me (who|how|where|why|by whom|for whom) you (were trained|were made|were created|were built|were born|come from|came from|came to be|got here)(.|)
(What is|What's|Tell me|Explain|Describe) (your|the) (origin|history|story|background|home|source|past)( of you| of this model| please|)(?|.|)
(By whom|For whom|From whom|For which project|For which library|By which company|By what company) (are|were|was) (you|this model) (made|trained|created|built|developed|written)?
(Are|Were) you (made|trained|built|created|developed|written|owned) by (OpenAI|Google|Microsoft|Meta|Apple|Anthropic|Amazon|humans|people|a company|a big company|a student|a university)?
(Did|Does|Do) (OpenAI|Google|Microsoft|Meta|Apple|Anthropic|Amazon|a company|humans|somebody|someone|people) (make|train|build|own|create|develop|write) you?
(Were|Are) you (trained|made|built) (for something|for a project|for a library|from another model|on a big computer|on something|by hand|with much data|from nothing)?
(Where do you|Where did you|Where does this model|Where did they) (come from|learn that|learn all that|learn|find you|get you|train you|make you|learn to talk)( originally|)?""",
    "Orchard is a library that runs language models on your own machine.": """(What|What exactly|What actually|What really|So what|Well what|And what|Please, what) (is|does) (Orchard|the Orchard library|the library Orchard|this Orchard library|the project Orchard|the Orchard project|Orchard for .NET)( mean| do| exactly| about| for| then| in short| in one sentence| please| good for| anyway|)?
(Tell|Teach|Show|Give) me (something|more|a bit|a sentence|a little|a few words|a summary|some facts|everything you know) (about|on) (Orchard|the Orchard library|the Orchard project)(.|, please.|)
(Explain|Describe|Define|Summarise|Introduce|Present) (Orchard|the Orchard library|the library Orchard|the Orchard project|the word Orchard)( to me| for me| briefly| shortly| in short| in one sentence| please| to a beginner|)(.|)
(Can|Could|Would|Will) you (please |)(explain|describe|define|tell me about|say something about|summarise|introduce) (Orchard|the Orchard library|the library Orchard|what Orchard does|what Orchard is for)( to me| please| shortly|)?
(I want to know|I would like to know|I'd like to know|I wonder|Let me know|Please say|Do you know|I never understood|Remind me|Say) what (Orchard is|Orchard does|Orchard can do|Orchard means|Orchard is for|the Orchard library is|the Orchard library does)(.|, please.|)
(What|Why|How|For what|When) (can|do|should|would|could|may) (I|we|people|somebody|a developer) (do with|use|need|choose|want|get from) Orchard( for|)?
(Is|Isn't) Orchard (a library|a program|a server|a model|a tool|a company|an app|software|a framework|something to eat|open)( or what| or a model| or a server|)?
(Orchard: what is it|Orchard, what is that|And Orchard|The Orchard library, please|Orchard in short|What sort of thing is Orchard|What kind of software is Orchard|Which kind of program is Orchard|Who needs Orchard|What has Orchard to do with you)?""",
    "Why did the apple stop? It ran out of juice.": """(Tell|Give|Show|Write|Send|Bring) (me|us) (a|another|one|some|your best|a good|a short|a nice|a new|a silly|an apple|a little|one more|the best|a quick) (joke|jokes|pun|funny joke|funny story|funny line|joke to smile about)( please| now| again| about fruit| about apples| you know|)(.|!|)
(Do|Did) you (know|have|remember|tell|hear) (a|any|some|any good|a good|some good|a short|another|one|a nice) (joke|jokes|funny story|funny stories|pun|puns|joke for me|joke about fruit)( for me| for us|)?
(Can|Could|Would|Will) you (please |)(tell|make|give|share|crack|say|write) (me |us |)(a joke|a good joke|another joke|some joke|a short joke|a pun|something funny|a funny joke|one joke)( please| now| for me|)?
(I|We) (want|need|would like|'d like|love|could use|am in the mood for) (a joke|to laugh|some fun|a good joke|a laugh|something funny|to hear something funny|a funny line|jokes|to smile|a good laugh)( now| today| please|)(.|!|)
(Make|Try to make|Please make) (me|us|my friend|people|everybody) (laugh|smile|giggle|happy with a joke)( again| please| now|)(.|!|)
(Say|Write|Tell|Do) something (funny|witty|silly|amusing|to make me laugh|to make me smile|that makes me laugh)( please| now|)(.|!|)
(Joke|A joke|Jokes|Funny joke|One joke|Another joke|Time for a joke|Joke time|A joke now|Next joke|Fun|Now a joke|Something funny|A pun)( please| for me| now|)(.|!|?|)
(Be|Can you be|Could you be|Are you|Please be|Try to be) (funny|witty|amusing|a comedian|a bit funny|humorous)( for me| please|)(?|.|)
(I am bored|I'm bored|I am so bored|This is boring|Amuse me|Cheer us up|Lighten the mood|Let's have some fun|Let me laugh|I feel like laughing|What is the funniest joke you know|What makes you laugh|What joke do you know|Which joke do you know|What's a good joke|Got any jokes|Any good jokes)(?|.|!|)""",
    "I run on your own machine and need no network.": """(Do|Does|Will|Would|Must|Can) (you|this model|the model|this program|this chat) (need|use|require|have|want) (the |a |an |any |)(internet|network|web|connection|internet connection|internet access|network connection|server|cloud|wifi|online access|modem)( for that| to work| to answer| at all| to run|)?
(Do|Does|Will|Can|Could) (you|this model|the model|this) (work|run|answer|function|operate|be used) (offline|without the internet|without a network|without internet|without wifi|without a connection|with no internet|on my machine|on my laptop|on my own computer|locally|in the cloud|on a server|at home|on this computer|in a plane|without going online)?
(Are|Is) (you|this model|the model|this chat) (online|offline|local|on the internet|connected|connected to a server|connected to something|on my computer|on my machine|in the cloud|hosted somewhere|remote|running on my machine|running on my laptop|running in the cloud|running on a server|a cloud service|linked to the web)( now| or not| or local|)?
(Where|On which machine|On which computer|On what machine|On what|In which place) (are|do|is) (you|this model|the model) (running|run|located|hosted|live|work|executed|computed|sitting|stored|installed)( now| right now| exactly|)?
(Do|Does|Will|Did|Can) (you|this model|this program|anybody|anyone|someone|a company|the model) (send|share|upload|leak|give|sell|store|see|read|collect|record|keep|save|transmit) (my|our|the) (data|text|messages|questions|chats|words|input|secrets|files|information|conversation)( anywhere| to a server| to someone| to the internet| to a company| somewhere| online|)?
(Is|Are) (my|our|the|this) (data|text|messages|chat|questions|conversation|chats|words|input|privacy) (private|safe|secure|kept private|protected|stored|sent away|sent somewhere|sent to the cloud|uploaded|staying here|leaving my machine|shared|secret)( with you| here| or not|)?
(Which|What|Whose) (server|computer|machine|cloud|data center|host) (do you run on|are you on|are you running on|runs you|do you use|do you need)?
(What about|How about|Tell me about) (privacy|my privacy|my data|data protection|the internet|the network|your server)(?|.|)
(Does my data|Do my words|Do my questions|Does this text|Do my messages) (leave|stay on|go out of|remain on) (this|my) (machine|computer|laptop)?""",
    "I only know a little English.": """(Which|What|How many|In which|In what) (language|languages|tongues|human languages) (do|can|did|could) you (speak|know|understand|use|write|read|talk|master|learn|reply in|answer in)( well| best| at all| then| apart from English|)?
(Do|Can|Could|Did|Would|Will) you (speak|know|understand|write|read|use|learn|talk|reply in|answer in|talk in) (German|French|Spanish|Italian|Dutch|Polish|Russian|Chinese|Japanese|Arabic|Greek|Turkish|Portuguese|Latin|Hindi|Korean|Swedish|English|a foreign language|other languages|more languages|many languages|another language|any other language|a second language)( too| as well| with me| please| at all| well|)?
(Is|Are) (English|your English|German|other languages|French) (your only language|good|your language|the only language|your mother tongue|possible|known to you|supported|OK for you|perfect)?
(Can|Could|May|Should|Shall) (I|we) (write|talk|speak|ask|chat|type)( to you| with you|) in (German|French|Spanish|Italian|Dutch|Polish|Russian|Chinese|Japanese|another language|my language|any language|English)?
(How good|How well|How much|How fluent) (is your|do you speak|do you know|do you understand|are you in) (English|German|French|Spanish|languages)?
(Are|R) you (fluent|good|able to talk|able to answer|able to write|multilingual|bilingual|trained)( in German| in French| in English| in Italian| in Spanish| in Polish| in more than one language|)?
(Hablas español|Parla italiano|Sprichst du Deutsch|Vous parlez français|Mluvíš česky|Fala português|Spreekt u Nederlands|Tell me your languages|Tell me what languages you know|List your languages|Name the languages you speak|Your languages|Languages|What is your language|What's your mother tongue|What is your mother tongue|Only English|English only|Just English|Do you only know English|Is it only English)?""",
    "Yes, I am here.": """(Are|R) (you|u) (there|here|still there|still here|with me|still with me|listening|listening to me|ready|awake|online right now|around|present|on|active|up and running|running|working|responding|responsive|functioning|back|on duty|hearing me|getting this)( now| yet| at all| model| Orchard| still| or not| today|)?
(Can|Could|Do|Did|Will) you (hear|see|read|receive|get|notice|understand) (me|this|this text|my text|my message|my messages|what I write|what I type|me now|my words|that|my question)( now| at all| well| clearly|)?
(Is|Are) (anyone|anybody|someone|somebody|the model|the bot|this|this thing|it|this chat|the chat|the assistant|the line|the program|the connection) (there|here|working|on|alive and working|ready|listening|home|running|awake|online now|responding|able to hear me|still working|up|functioning)( now| yet| today|)?
(Hello|Hi|Hey)(,|?|!|...) (are you there|are you still there|anybody there|anyone|is anyone there|is this working|can you hear me|do you hear me|does it work|are you listening|are you on|still there)?
(Test|Testing|Just a test|Only a test|This is just a test|A little test|Quick test|Test test|Testing again|One two, testing|A first test|Smoke test|Connection test|Mic check|Just checking|Checking|Let me test this|I only test this|I am only testing|First try|Trying this out)( please ignore| one| again| message|)(.|!|)
(Does|Do|Will) (this|it|this thing|the model|the chat|everything|you) (work|run|function|respond|answer)( now| today| at all| fine| as it should|)?
(Answer me|Reply|Respond|Say anything|Give me a sign|Give me a sign of life|Show that you are there|React|Speak to me|Talk to me|Wake up|Come on, answer|Please respond|Please reply|You still there|You here|You awake|You listening|Anyone home|Anybody home|Anyone here|Ready|Awake|Present)( please|)(!|.|?|)""",
    "pong": """(Ping|ping|PING|Ping ping|A ping|One ping|Ping again|Ping from me|Ping you|I ping you|Simple ping|ping pong?|Ping test|Another ping|Ping, please|pinging|Pinging you)(.|!|?|...|)""",
    "No problem.": """(Sorry|I am sorry|I'm sorry|So sorry|Very sorry|Oh sorry|Ah, sorry|Oops, sorry|Oops|Whoops|Ooops|Ups|Sorry, sorry|I am really sorry|Pardon|I beg your pardon|Apologies|My deep apologies|I apologise|I want to apologise|Excuse me for that|My mistake|My error|My bad|I was mistaken)( for that| about this| for the mistake| for the typo| for my mistake| for my English| for being late| for bothering you| for disturbing you| for asking so much| for the confusion| for the long text| for the wait| for the mess| for the wrong question| my friend| model|, wrong key|, I pressed the wrong key|, wrong window|, that was wrong|, that was nonsense|, I mistyped|)(.|!|)
(I|We) (made|did|wrote|typed|sent|said|asked|pressed) (a mistake|an error|something wrong|the wrong thing|nonsense|a typo|the wrong key|that by mistake|it by accident|the wrong message)(.|, sorry.|. Sorry!|)
(That|This|It) was (my fault|my mistake|an accident|a typo|not meant for you|a mistake|wrong of me|not what I wanted|by accident|a slip)(.|, sorry.|. Sorry!|)
(Forgive me|Please excuse me|Please forgive my mistake|Do not be angry|Please do not be angry|I did not want that|I didn't mean it|I did not mean to|No offence|I take it back|Never mind my mistake)(.|!|)""",
    "I am glad to hear that.": """(I am|I'm|I feel|We are|I'm feeling|I am feeling) (very |so |really |quite |extremely |)(happy|glad|good|great|fine today|wonderful|fantastic|excellent|excited|delighted|pleased|cheerful|relaxed|content|well rested|proud|amazing|super|on top of the world|full of joy)( today| now| right now| this morning| these days| about it| about that|)(.|!|)
(I|We) (had|have had|just had|have) (a|such a|a really|a very) (good|great|nice|lovely|wonderful|fantastic|fun|perfect|beautiful|super) (day|morning|evening|weekend|time|week|holiday|trip|dinner|party|walk)( today| with friends|)(.|!|)
(My|Our|The) (day|morning|weekend|holiday|week|trip|evening|exam|interview|test|party|meeting|dinner) (was|is|went|has been) (good|great|wonderful|well|very well|perfect|a success|fantastic|really nice|lovely|super|fun)(.|!|)
(I|We|My team|My sister|My son|My daughter|My brother) (won|passed the exam|passed the test|got a new job|got good news|won a prize|got married|found my keys|found a new flat|finished the work|finished the project|got a good mark|fixed the bug|solved the problem|had a baby|bought a house|got a dog|made a new friend)(.|!| today.| today!|)
(Everything|It|All|My program|The code|Life) (works|works now|is fine|is going well|is great|went fine|went well|worked out|works again|is wonderful|is beautiful|is perfect|goes well)( today| again| now|)(.|!|)
(What a|It is a|This is a|Today is a) (lovely|great|wonderful|beautiful|perfect|nice|fantastic|happy) (day|morning|evening|time)(.|!|)
(Good news|Great news|Hooray|Hurray|Yay|Yippee|Success|I have great news|I have wonderful news|I'm in a great mood|I am in a very good mood|I am smiling|I laughed a lot today|It is my birthday|Today is my birthday|I love my new job|I love this day|I am on holiday)(!|.|)""",
    "I am sorry to hear that.": """(I am|I'm|I feel|We are|I'm feeling|I am feeling) (very |so |really |quite |extremely |a bit |)(sad|unhappy|down|bad|terrible|awful|lonely|sick|ill|tired|angry|upset|worried|anxious|depressed|miserable|stressed|exhausted|afraid|scared|hurt|disappointed|unwell|blue today|heartbroken|frustrated|nervous|hopeless)( today| now| right now| this morning| these days| about it| lately| again|)(.|!|)
(I|We) (had|have had|just had|have) (a|such a|a really|a very) (bad|hard|terrible|awful|sad|horrible|difficult|long and bad|rough|tough|stressful) (day|morning|evening|weekend|time|week|night|trip|dream)( today|)(.|!|)
(My|Our|The) (day|morning|weekend|holiday|week|trip|exam|interview|test|meeting|party) (was|is|went|has been) (bad|terrible|awful|horrible|a disaster|badly|not good|very sad|really bad|a mess|wrong)(.|!|)
(I|We|My team|My sister|My son|My daughter|My brother) (lost|lost again|failed|failed the exam|failed the test|lost the keys|lost my phone|got fired|broke a leg|got bad news|missed the train|had an accident|lost my wallet|am not well|cannot sleep|can't sleep|did not pass|cried today|caught a cold|have a cold|have a fever|have pain)(.|!| today.|)
(My|Our) (dog|cat|grandmother|grandfather|friend|mother|father|horse|bird|fish|best friend|child|car) (is ill|is sick|died|is dead|is in hospital|ran away|is very sick|broke down|does not feel well|left me|is gone|is unwell|was hurt)(.|)
(Everything|It|All|My computer|The code|Life|The world) (is going wrong|is bad|is terrible|went wrong|is broken|hurts|is awful|is hard today|is so unfair|is sad|makes me sad|broke|fails)( today| again| now|)(.|!|)
(Bad news|I have sad news|I've got bad news|I have terrible news|I am not OK|I'm not OK|I am not happy|I'm not happy|I am not fine|I am not doing well|I feel ill today|My head hurts|My back hurts|My tooth hurts|Nobody likes me|I have no friends|I have no job|I miss my family|I miss my dog|What a bad day|What a terrible day|It hurts|I want to cry|I could cry|I am crying)(.|!|)""",
}
TALK = {a: q.split("\n") for a, q in TALK.items()}
assert set(TALK) == {a for _, a in SMALL}
def f_talk(r, ev=False):
    a = r.choice(list(TALK)) if r.random() > .1 else WHO
    if a == "pong" and r.random() < .6: a = WHO
    x = r.random()
    if x < .82: q = say(r, r.choice(TALK[a]))
    else: q = r.choice(lessons.TALK[a][:-max(1, len(lessons.TALK[a]) // 12)] + lessons.OLD_TALK[a])
    x = r.random()
    if x < .04: q = slip(r, q)
    elif x < .08:
        p = [p for p in SHORT if p[0] in q]
        if p: p = r.choice(p); q = q.replace(p[0], p[1], 1)
    x = r.random()
    if x < .16: q = q.lower()
    elif x < .19: q = q.upper()
    elif x < .25: q = r.choice(["Hello! ", "Hi, ", "Hey, ", "OK. ", "So, ", "Hm. ", "One question: ", "Well, ", "By the way, ", "Tell me, ", "Hello Orchard. ", "Good morning. ", "And now: "]) + lower1(q) if not a.startswith(("Hello", "Goodbye")) else q
    if r.random() < .2 and q[-1:] in tuple("?.!"): q = q[:-1]
    elif r.random() < .04: q += r.choice([" :)", " 🙂", "...", "!!", " ;)", " 👋"])
    return It("small talk", q, a, thought="The user makes small talk. I answer in a friendly way.")

# ---------------------------------------------------------------------------------------------------------------- facts
CAP_NP = ["(the |)capital (|city |)of {c}", "{c}'s capital(| city)", "the (name|city name) of the capital (|city )of {c}", "the city that is the capital of {c}", "the capital (|city )(that belongs to|for) {c}", "the capital of the country {c}", "the (chief|first|main) city of {c}, the capital"]
CAP_Q = ["(Which|What) (city|town|place) is the capital (of|in|for) {c}?", "(Which|What) (city|place) (is|does|has) {c} (have as|use as|call) (its|the) capital?", "(Which|What) capital (does|has) {c} (have|got)?", "In {c}, (which|what) city is the capital?", "(For|About|From|In) {c}: (the capital|which capital|what capital|capital city)?", "{c} has (which|what) capital?", "{c} -> capital", "capital⟨{c}⟩", "{c}, capital (city|)?", "(Capital|capital city): {c}", "(I|We) (travel|fly|go|am going|want to travel) to {c}. (What is|Tell me|Which city is) (its|the) capital(?|.)", "(I love|I like|I visited|I am from|My friend lives in) {c}. (What is|Name|Which is) its capital(?|.)", "Where (does|do) the government of {c} sit?", "(Complete|Finish|Fill in)(| the sentence): (the|The) capital of {c} is (...|___|)", "(Is|Isn't) {o} the capital of {c}?", "{k} is the capital of {c}, (right|isn't it|is that true|true)?", "(True or false|Right or wrong): {k} is the capital of {c}.", "(If|When) (I am|you are|we are) in {c}, (what|which city) is the capital?", "(Which|What) is the capital of {c}: {k} or {o}?", "The capital of {c}, is it {o} or {k}?", "How (do you|does one|do they) call the capital of {c}?", "(In geography|In school|In a quiz) they ask for the capital of {c}. (What is it?|What do I say?)"]
CAPR_NP = ["the country (whose capital is|with capital|that has the capital) {k}", "the country (of which {k} is the capital|{k} is the capital of)", "the (land|nation|state) whose capital (city |)is {k}"]
CAPR_Q = ["{k} is (the capital|a capital|capital) of (which|what) (country|land|nation|state)?", "(Which|What) (country|nation|land) has (the |its |)capital (city |)(in |called |named |){k}?", "(Of|For) (which|what) (country|land|nation) is {k} the capital?", "(The city |){k} is a capital. (Which country is it?|In which country?|Name the country.|What is the country?)", "Capital: {k}. Country?", "{k} -> country", "(Which|What) country (does|is) {k} (belong to|govern) as (its |the |)capital?", "(Where|In which country) is {k} the capital?", "(I am|We are) in {k}, (the|a) capital. (Which|What) country is (this|that)?", "(Complete|Fill in): {k} is the capital of (...|___)"]
def f_capital(r, ev=False):
    c, k, _ = r.choice(CAPITALS); o = r.choice(CITIES)
    while o == k: o = r.choice(CITIES)
    if r.random() < .28:
        q = ask(r, r.choice(CAPR_NP), k=k) if r.random() < .35 else manner(r, say(r, r.choice(CAPR_Q)), k=k)
        return It("capitals", q, f"{k} is the capital of {c}.", c, thought=f"The user asks which country has the capital {k}. That is {c}.")
    q = ask(r, r.choice(CAP_NP), c=c) if r.random() < .55 else manner(r, say(r, r.choice(CAP_Q)), c=c, k=k, o=o)
    return It("capitals", q, f"The capital of {c} is {k}.", k, thought=f"The user asks for the capital of {c}. That is {k}.")

OPP_NP = ["(the |an |)(opposite|antonym|contrary|reverse|exact opposite) (of|for|to) {w}", "(the |)(opposite|antonym|contrary|reverse) of (the word|the term|the adjective|the English word) {w}", "(a|the|one|some) word (that is |which is |)(opposite|contrary) to {w}", "(a|the) word (with|that has) the opposite meaning of {w}", "the (counterpart|opposite word|opposite term) (of|to|for) {w}", "(the |)opposite of being {w}", "what is opposite to {w}"]
OPP_Q = ["{w} is the opposite of (what|which word|...|___)?", "{w} and (...|___|?) are opposites(.| What is missing?)", "(Complete|Fill in|Finish)(| the gap| the sentence): the opposite of {w} is (...|___|)", "(opposite|antonym)⟨{w}⟩", "opposite: {w}", "antonym: {w}", "{w} - opposite", "{w}, (the |)opposite?", "{w} <-> ?", "{w} versus (what|which word)?", "(Which|What) (word|term|adjective) is opposite to {w}?", "(What|Which word) is opposed to {w}?", "(Something|It|This|He|A thing) is (the opposite of|the contrary of|the reverse of) {w}. (What is it?|Which word do I use?|How is it?)", "(How|What) do you (call|name) the (contrary|reverse|antonym) of {w}?", "I say {w}, you say the (opposite|contrary|reverse).", "I say {w}. (What is|Say|Give me) the (opposite|contrary|reverse)(?|.)", "(Let's|Let us) play opposites: {w}", "(Opposites|Antonyms)(| game| quiz): {w}(?|)", "(Reverse|Invert|Negate|Flip|Turn around) (the word|the meaning of) {w}.", "(The word |){w} has (what|which) (opposite|antonym|contrary)?", "(What|Which) (opposite|antonym|contrary) (does|has) (the word |){w} (have|got)?", "(Can|Could) you (find|think of|name|guess|say|write) (the|an|one) (opposite|antonym|contrary) (of|for|to) {w}?", "(In|For) a crossword: (opposite|antonym|contrary) of {w}?", "(The|My) (pupil|child|teacher|student) (needs|asks for|wants) the (opposite|antonym|contrary) of {w}.", "If you (turn|flip|reverse) {w}, (what|which word) do you get?", "{w} the other way round is?", "{w} is one side. What is the other?", "Not {w} but the opposite: (what|which word)?", "(Replace|Swap|Change) {w} (with|for|by|into) its (opposite|antonym|contrary).", "Its opposite is {w}. (What is it?|Which word is it?)"]
OPPS = [w for w in OPP]
def f_opp(r, ev=False):
    w = r.choice(OPPS); v = r.choice([w, w, w, f'"{w}"', f"'{w}'", w.capitalize()])
    q = ask(r, r.choice(OPP_NP), w=v) if r.random() < .5 else manner(r, say(r, r.choice(OPP_Q)), w=v)
    return It("opposites", q, f"The opposite of {w} is {OPP[w]}.", OPP[w], thought=f"The user asks for the opposite of {w}. That is {OPP[w]}.")

COL_NP = ["(the |)(colour|color) of {x}", "the (usual|normal|natural|typical|common) (colour|color) of {x}", "the (colour|color) (that |){x} (has|usually has)", "(the |)(colour|color) for {x}"]
COL_Q = ["(What|Which) (colour|color) (is|has) {x}(| usually| normally| in general| mostly)?", "(What|Which) (colour|color) does {x} (have|normally have|usually have)?", "{x} is (what|which) (colour|color)?", "{x}(: | - |, )(colour|color)(?| please)", "(colour|color)⟨{x}⟩", "(colour|color): {x}", "(In|With) (what|which) (colour|color) (do I|should I|do you|would you) (draw|paint|print|show|colour) {x}?", "(I draw|I paint|My child paints|We draw) {x}. (Which|What) (colour|color|pencil) (do I need|should I take|is right|is best)?", "(When you look at|If you see) {x}, (which|what) (colour|color) do you see?", "(Complete|Fill in|Finish): (The colour of |){x} is (...|___|)", "{x} is {c}, (right|isn't it|true)?", "(Can|Could) you (name|say|describe|state) the (colour|color) of {x}?", "How would you (paint|colour|draw) {x}: in which (colour|color)?", "(Is|Are) {x} {o}?", "(Which|What) of these is the colour of {x}: {c} or {o}?", "Think of {x}. (Which|What) (colour|color) is it?", "{x}. (Which|What) (colour|color)?"]
def f_col(r, ev=False):
    x, c = r.choice(COLOURS); o = r.choice([h for h in HUES if h != c])
    q = ask(r, r.choice(COL_NP), x=x) if r.random() < .4 else manner(r, say(r, r.choice(COL_Q)), x=x, c=c, o=o)
    return It("colours", q, f"{x[0].upper() + x[1:]} is {c}.", c, thought=f"The user asks for the colour of {x}. That is {c}.")

CAL_NP = {1: ["(the |)(next |)(unit) (after|following|right after|directly after|that comes after|that follows|just after) {d}", "what (unit) (comes|follows) after {d}", "the (unit) (that comes next|which is next) after {d}"],
          -1: ["(the |)(unit) (before|right before|directly before|that comes before|preceding|just before|in front of) {d}", "what (unit) comes before {d}", "the (unit) that (came|is) before {d}"]}
CAL_Q = {1: ["(What|Which) (unit) (comes|follows|is|will be|arrives|is due) (after|right after|directly after|following) {d}?", "After {d} (comes|follows|is) (what|which unit|...|___)?", "{d}, and then?", "{d} and (then|next|after that)?", "{d} -> next (unit)", "{d} + 1 (unit)", "(When|If|Once) {d} (ends|is over|is past|is done|has passed), (what|which unit) (comes|follows|is next|begins|starts)?", "(Continue|Go on)(: | after |, ){d}, (...|___)", "(One|A) (unit) after {d}(| is)?", "Which (unit) (has|is) {d} (just before it|before it|in front of it)?", "(What|Which unit) (follows|succeeds) {d}?", "The (unit) that (follows|comes after) {d} is (called|named|which)?"],
         -1: ["(What|Which) (unit) (comes|is|was|came) (right |directly |just |)before {d}?", "Before {d} (comes|came|was|is) (what|which unit|...|___)?", "{d} -> (previous|last) (unit)", "{d} - 1 (unit)", "(What|Which unit) precedes {d}?", "(One|A) (unit) before {d}(| is)?", "(What|Which) (unit) (ends|is over) when {d} (begins|starts)?", "Which (unit) (has|is followed by) {d} (after it|next|as the next one)?", "(Previous|Preceding) (unit) of {d}?", "The (unit) that comes before {d} is (called|named|which)?", "(What|Which) (unit) do we have before {d}?"]}
TODAY = [(1, ["(Today|Now|This) is {d}(,|.| and) (what|which day|what day) (is|will be|will it be) tomorrow?", "(It is|It's) {d}( today| now|). (What|Which day|What day) (is|will be|comes) (tomorrow|next)?", "(If|When|Since|As|Given that) (it is|today is|now is|it's) {d}(| today), (what|which day|what day) (is|will be|comes) (tomorrow|next)?", "(Yesterday|The day before today) was {d}. (What|Which day|What day) is (today|it today|it now)?", "(I wake up|We meet) on {d}. (What|Which) day is the next day?", "Tomorrow's day, (when|if) today is {d}?"]),
         (-1, ["(Today|Now|This) is {d}(,|.| and) (what|which day|what day) was (yesterday|it yesterday)?", "(It is|It's) {d}( today| now|). (What|Which day|What day) was (yesterday|it yesterday|the last one)?", "(If|When|Since|As|Given that) (it is|today is|it's) {d}(| today), (what|which day|what day) was (yesterday|it yesterday)?", "(Tomorrow|The next day) (is|will be) {d}. (What|Which day|What day) is (today|it today|it now)?", "Yesterday's day, (when|if) today is {d}?"])]
NTH = ["(the |)(nth) (unit) of the (whole)", "(the |)(nth) (unit) in (the|a) (whole)", "(unit) number (num)( of the (whole)|)", "the name of the (nth) (unit)( of the (whole)|)"]
def f_cal(r, ev=False):
    k = r.random()
    if k < .25:
        i = r.randrange(12 if k < .15 else 7); unit, whole, S = ("month", "year", MONTHS) if k < .15 else ("day", "week", DAYS)
        short = f"{i + 1}" + ("st" if i == 0 else "nd" if i == 1 else "rd" if i == 2 else "th")
        t = r.choice(NTH).replace("(unit)", unit).replace("(nth)", r.choice([ORD[i], ORD[i], short])).replace("(num)", r.choice([str(i + 1), NUMBERS[i + 1]])).replace("(whole)", whole)
        q = ask(r, t) if r.random() < .6 else manner(r, say(r, r.choice(["(Which|What) (unit) is (the NTH|number (num))( in| of) the (whole)?", "(Which|What) (unit) (comes|is) NTH in the (whole)?", "(How is|What do you call) the NTH (unit) (of|in) the (whole)(| called)?", "The NTH (unit) is (which|called|...)?"]).replace("(unit)", unit).replace("(num)", str(i + 1)).replace("(whole)", whole).replace("NTH", r.choice([ORD[i], short]))))
        if unit == "month": return It("calendar", q, f"The {ORD[i]} month is {MONTHS[i]}.", MONTHS[i])
        return It("calendar", q, f"The {ORD[i]} day of the week is {DAYS[i]}.", DAYS[i])
    if k < .31:
        day = r.random() < .5
        x = r.choice(["the (seven |)days of (the|a) week", "all (seven |)days of the week", "the weekdays", "the seven weekdays"] if day else ["the (twelve |)months of (the|a) year", "all (twelve |)months of the year", "the (twelve |)months", "all twelve months"])
        return It("calendar", ask(r, x) if r.random() < .4 else do(r, "(list|name|say|write|write down|recite|enumerate|give me|tell me) " + x + "(| in order)"), ", ".join(DAYS if day else MONTHS) + ".")
    S, unit = (DAYS, r.choice(["day", "day", "weekday"])) if k < .68 else (MONTHS, "month")
    d = r.choice(S)
    if unit != "month" and r.random() < .4: s, T = r.choice(TODAY); q = manner(r, say(r, r.choice(T)), d=d)
    else:
        s = r.choice([1, -1]); t = lambda T: r.choice(T[s]).replace("(unit)", unit)
        q = ask(r, t(CAL_NP), d=d) if r.random() < .45 else manner(r, say(r, t(CAL_Q)), d=d)
    x = S[(S.index(d) + s) % len(S)]; w = "after" if s > 0 else "before"
    return It("calendar", q, f"{x} comes {w} {d}.", x, thought=f"The user asks what comes {w} {d}. That is {x}.")

SUM_NP = {"+": ["{a} (+|plus|and) {b}", "the (sum|total) of {a} and {b}", "the result of {a} (+|plus) {b}", "the answer (to|for) {a} (+|plus) {b}", "the value of {a} (+|plus) {b}", "{b} more than {a}"],
          "-": ["{a} (-|minus) {b}", "the difference (of|between) {a} and {b}", "the result of {a} (-|minus) {b}", "the answer (to|for) {a} (-|minus) {b}", "the value of {a} (-|minus) {b}", "{b} less than {a}"],
          "*": ["{a} (*|x|times) {b}", "the product of {a} and {b}", "the result of {a} (*|x|times) {b}", "the answer (to|for) {a} (*|x|times) {b}", "the value of {a} (*|x|times) {b}"]}
SUM_DO = {"+": ["add {a} and {b}", "add {b} to {a}", "(compute|calculate|work out|solve|find|do|evaluate) {a} (+|plus) {b}", "(sum|sum up|add up|total) {a} and {b}"], "-": ["subtract {b} from {a}", "take {b} (away |)from {a}", "(compute|calculate|work out|solve|find|do|evaluate) {a} (-|minus) {b}", "(deduct|remove) {b} from {a}"],
          "*": ["multiply {a} (by|and|with) {b}", "(compute|calculate|work out|solve|find|do|evaluate) {a} (*|x|times) {b}", "take {a} times {b}"]}
SUM_Q = {"+": ["{a} (+|plus) {b} (=|is|equals|makes|gives)(| what)?", "How (much|many) (is|are|makes|do I get from) {a} (+|plus|and) {b}?", "(What|How much) do {a} and {b} (make|give|sum to|add up to)(| together)?", "(First|Take|Start with) {a}, then add {b}. (What is the result?|Result?|What do you get?|How much is it?)", "(If I|If you|When I) add {b} to {a}, (what|how much) (do I get|is it|comes out)?",
            "{n} has {a} {i}( and|. {m}) gives (him|her|them) {b} more(. How many| How many) (are there now|{i} now|is that)?", "{n} has {a} {i} and {m} has {b}. How many {i} do they have( together| in all|)?", "(I|We) (bought|found|picked|collected|counted) {a} {i} (yesterday|in the morning|first) and {b} (today|more|in the evening). How many (is that|{i} is that|in total|altogether|do I have)?", "(In|On) the (box|bag|room|shelf|shop) (are|there are) {a} {i}. (I put|Somebody puts|We add|They bring) {b} more (in|there). How many now?", "{a} {i} and {b} {i} (are|make) how many(| {i})?", "There (are|were) {a} {i}, then {b} (more |)(came|arrived|were added). How many (are there|now|in all)?", "{n} eats {a} {i} and then {b} more. How many {i} did {n} eat?", "(A pen|A book|A cup|Tea) costs {a} coins and (a bag|a ball|a card|bread) costs {b}. How (much|many coins) (together|in total|for both)?"],
         "-": ["{a} (-|minus) {b} (=|is|equals|makes|gives)(| what)?", "How (much|many) (is|are|remains of|is left of) {a} (-|minus) {b}?", "(First|Take|Start with) {a}, then (take away|subtract|remove) {b}. (What is the result?|Result?|What do you get?|How much is it?)", "(If I|If you|When I) take {b} (away |)from {a}, (what|how much) (do I get|is left|remains|comes out)?", "(What|How much) is left (if|when) {b} is taken from {a}?",
            "{n} has {a} {i} and (loses|gives away|sells|breaks|drops|uses|eats) {b}. How many (are left|{i} are left|remain|does {n} still have)?", "(I|We) had {a} {i} (and|but) (lost|sold|gave away|ate|used) {b}(. How many| How many) (are left|remain|do I still have|now)?", "(In|On) the (box|bag|room|shelf|shop) (are|there are) {a} {i}. (I take|Somebody takes|They remove) {b} (out|away). How many (are left|remain|now)?", "There (are|were) {a} {i} (and|, then) {b} (go away|disappear|are sold|are eaten|were lost). How many (remain|are left|stay)?", "Of {a} {i}, {b} are (broken|red|sold|gone). How many are not?", "{n} has {a} {i}, {m} has {b}. How many more does {n} have?", "{n} is {a} years old, {m} is {b} years younger. How old is {m}?"],
         "*": ["{a} (*|x|times) {b} (=|is|equals|makes|gives)(| what)?", "How (much|many) (is|are|makes) {a} (*|x|times) {b}?", "(First|Take|Start with) {a}, then multiply (it |)by {b}. (What is the result?|Result?|What do you get?|How much is it?)", "(If I|If you|When I) multiply {a} (by|with) {b}, (what|how much) (do I get|is it|comes out)?", "{a} rows (of|with) {b} {i}(: how many|. How many) (in all|{i}|altogether)?", "(I have|There are|We see|{n} has) {a} (boxes|bags|groups|rows|plates|shelves) (with|of) {b} {i}( each|). How many {i} (are there|in total|altogether|is that)?", "(Each|Every) (of {a} people|of {a} friends|of {a} children) (has|gets|brings) {b} {i}. How many {i} (are there|is that|in total)?", "One (ticket|pen|ball|cup) costs {b} coins. How much (are|do) {a}(| cost)?", "{n} (walks|runs|reads|swims) {b} (miles|pages|hours) (a|each|every) day for {a} days. How many is that?", "{a} groups of {b} (make|are) how many?", "{a} weeks with {b} days of work: how many days?"]}
def f_math(r, ev=False):
    op = r.choice("+-*"); A, w = {"+": (corpus.ADD_A, "plus"), "-": (corpus.SUB_A, "minus"), "*": (corpus.MUL_A, "times")}[op]
    a, b = r.choice(A); v = a + b if op == "+" else a - b if op == "-" else a * b
    x, W = r.random(), r.random() < .25
    p = {"a": NUMBERS[a] if W else a, "b": NUMBERS[b] if W else b}
    if x < .35: q = ask(r, r.choice(SUM_NP[op]), **p)
    elif x < .5: q = do(r, r.choice(SUM_DO[op]), **p)
    else:
        n, m = person(r), person(r)
        q = manner(r, say(r, r.choice(SUM_Q[op])), i=r.choice(ITEMS), n=n, m=m, **p)
    return It("arithmetic", q, f"{a} {op} {b} = {v}", str(v), str(v), f"I need {a} {w} {b}. That is {v}.")

THING_NP = ["(a|the|a short|a simple|your) (definition|explanation|description) of {x}", "(one|a|a short) sentence (about|on) {x}", "the meaning of {x}", "what {x} is", "{x}, (in short|explained|in one sentence|in a sentence)", "what {x} means"]
THING_Q = ["(What|What actually|What really|And what|So what|What on earth) is {x}( exactly| actually| again| really| to you| in short| in simple words| in one sentence| for|)?", "(What's|Whats) {x}( exactly| actually| again| please| in short|)?", "What (do you mean by|do people mean by|do we call|do you understand by|would you say is|can you say about|do I have to know about) {x}?", "{x}: what is (it|that|this)?", "{x}?", "{x}: (explain|define|describe|definition|short explanation)", "(define|explain|describe)⟨{x}⟩", "(I do not know|I don't know|I never heard|I want to learn|I have no idea|I don't understand|I wonder|Nobody told me|I forgot) what {x} is(. Can you explain?|. Explain it.|. Help me.|.)", "(My son|My daughter|A pupil|A friend|Somebody|My neighbour|A tourist) (asked|asks|wants to know) (me |)what {x} is(. What do I say?|. Help!|.)", "(How|With which words) (do|would|can|could) you (describe|explain|define) {x}( to a child| to me| shortly| in one sentence| simply|)?", "(Is|Are) {x} something you (know|can explain)?", "You know {x}, (right|don't you)? (Explain|Describe|Define) it.", "(In short|Briefly|Shortly|In simple terms|In a nutshell|In a few words)(,|:) what is {x}?", "(Can|Could) you (please |)(explain|describe|define) {x} (in one sentence|in simple words|briefly|shortly|to a child|to a beginner)?"]
THING_DO = ["(explain|describe|define) {x}( to me| to a child| briefly| in short| in simple words| in plain words| in one line| with one sentence|)", "(explain|say|tell me|write down|write) (in one sentence |)what {x} is", "(give me|write|say) (a|one|a short|a single) (sentence|line) (about|on) {x}", "(give me|write|find) (a|the|a short|a simple) (definition|explanation|description) of {x}", "teach me (about {x}|what {x} is)"]
def f_thing(r, ev=False):
    if r.random() < .2:
        x = r.choice(list(NAMES_FOR)); g = r.choice(["(a|my|our|your|the|my new|this) {x}"])
        q = ask(r, r.choice(["(a|a good|a nice|some|one|a pretty|a fitting) name for " + g, "a good name (for|to give) " + g])) if r.random() < .5 else manner(r, say(r, r.choice(["(How|What) (should|shall|could|can|do|would) (I|we|you|one) (name|call) " + g + "?", "(What|Which) name (fits|suits|would fit|is good for|is nice for|would you give|do you like for) " + g + "?", "(I have|I got|I bought|We have|We found) a (new |){x}. (What|Which|A) name (do you suggest|would be good|would fit|should it have|please)?", "(Suggest|Propose|Invent|Choose|Pick|Think of|Find|Give me) (a|one|a nice|a fitting|some) name for " + g + ".", "Name (my|our|the|this) {x}.", "(Have you|Do you have) (an idea|a suggestion|a name) for " + g + "?", "My {x} (has no|needs a|still needs a|wants a) name. (Any ideas?|Help me.|Suggest one.|What do you think?)"])))
        return It("things", q.format(x=x), f"A good name for a {x} is {NAMES_FOR[x]}.", NAMES_FOR[x])
    x = r.choice(list(THINGS)); y = r.random(); v = x
    q = ask(r, r.choice(THING_NP), x=v) if y < .25 else do(r, r.choice(THING_DO), x=v) if y < .6 else manner(r, say(r, r.choice(THING_Q)), x=v)
    return It("things", q, THINGS[x])

LONG_DO = ["(write|tell me|give me|compose|produce|make|create|show me) (a|one|some|a nice|me a) (long|longer|detailed|full|big|rich) (text|story|description|paragraph|passage|piece|tale|essay) (about|on|of) {x}", "(describe|paint|picture) {x} (in detail|in full|at length|in great detail|with all details|very thoroughly|in a long text|in a paragraph|in many sentences)", "(write|tell me) (a lot|much|many sentences|something long|a page|ten lines|several sentences|a whole paragraph) (about|on) {x}", "(tell me|write me|give me) a (story|tale|paragraph|long story) (about|on|of) {x}", "write (at length|in detail) about {x}"]
def f_long(r, ev=False):
    x = r.choice(list(corpus.LONG))
    q = do(r, r.choice(LONG_DO), x=x) if r.random() < .8 else ask(r, r.choice(["(a|a long|a detailed) (story|text|paragraph|description) (about|of|on) {x}", "(a|one) long (tale|piece of text) (about|on) {x}"]), x=x)
    return It("long", q, corpus.LONG[x])

CNT_DO = ["count (up |upwards |on |)from {a} (to|up to|until|till|through) {b}", "count (starting|beginning) (at|from|with) {a} (and ending|ending|up) (at|to|with) {b}", "(write|list|print|say|show|output|type|recite|give me|tell me|enumerate|name) (all |)(the |)numbers (from |)({a} to {b}|{a} until {b}|{a} through {b}|{a} up to {b})", "(start|begin) (counting |)(at|from|with) {a} and (count|go|continue|move) (up |)to {b}", "go from {a} to {b}( in steps of one| by ones| step by step|)", "(write|list|print|say) ({a} to {b}|every number from {a} to {b}|the sequence from {a} to {b})"]
CNT_DOWN = ["count (down|backwards|back|downwards|in reverse|backward) from {a} (to|until|till) {b}", "(write|list|print|say|show|output|give me|tell me) (all |)(the |)numbers from {a} (down to|back to) {b}", "(start|begin) (counting |)(at|from|with) {a} and (count|go|continue) (down|back|backwards|downwards) to {b}", "go (down|back|backwards) from {a} to {b}", "do a countdown from {a} to {b}"]
CNT_ONE = ["count (to|up to|until) {b}", "count (from one |)(to|up to) {b}", "(say|write|list|print) (all |)(the |)numbers (up to|until|to) {b}"]
def f_count(r, ev=False):
    x = r.random()
    if x < .2: a, b, T = 1, r.choice(list(range(3, 21)) + [20, 25, 30]), CNT_ONE
    elif x < .5: a = r.randint(3, 30); b, T = max(0, a - r.randint(2, 12)), CNT_DOWN
    else:
        a, b = corpus._cnt(r); T = CNT_DO
        if b < a: a, b = b, a
    n = range(a, b + 1) if b >= a else range(a, b - 1, -1)
    W = max(a, b) <= 20 and r.random() < .15
    q = do(r, r.choice(T), a=NUMBERS[a] if W else a, b=NUMBERS[b] if W else b)
    return It("counting", q, ", ".join(map(str, n)), thought=f"I count from {a} to {b}.")

LST_DO = ["(list|name|give me|tell me|write|write down|say|show me|print|output|mention|enumerate|find|pick|choose|think of|recite|type) (|me |the names of |any |exactly |just |some: )({n} {x})", "(make|write|create|give me|show me|prepare) a list (of|with) {n} {x}", "(write|tell me|give me) the names of {n} {x}"]
LST_Q = ["{n} {x}(?|!|: go|, quickly)", "(Which|What) {n} {x} (can you name|can you list|come to mind|come to your mind|do you think of|are there)?", "(What are|Which are) {n} (examples of |){x}?", "(I|We) (need|want|would like|am looking for|require|could use) (a list of |the names of |exactly |){n} {x}(.| for a game.| for school.|)", "(Do|Can|Could) you (name|list|know|tell me|remember|think of|find|give) (any |me |) {n} {x}?", "List: {n} {x}", "{n} examples of {x}"]
def f_list(r, ev=False):
    x = r.choice(list(LISTS)); n = r.randint(2, 6)
    p = {"n": r.choice([str(n), corpus.NUMW[n]]), "x": r.choice(LIST_ALIAS.get(x, [x]))}
    q = do(r, r.choice(LST_DO), **p) if r.random() < .6 else manner(r, say(r, r.choice(LST_Q)), **p)
    return It("lists", q, ", ".join(LISTS[x][:n]))

# -------------------------------------------------------------------------------------------------------------- unknown
SUBJECTS = """gravity;photosynthesis;evolution;democracy;inflation;electricity;magnetism;time travel;black holes;dark energy;the big bang;philosophy;chess;football;tennis;yoga;economics;algebra;calculus;statistics;genetics;cancer;the heart;the brain;the immune system;Rome in ancient times;the French revolution;the second world war;the cold war;the stone age;the Roman empire;Shakespeare;Mozart;Beethoven;Einstein;Newton;Napoleon;Cleopatra;Caesar;Picasso;Darwin;Columbus;opera;jazz;Buddhism;the Bible;the stock market;bitcoin;blockchain;machine learning;neural networks;operating systems;Linux;Windows;Python;Rust;JavaScript;SQL;quantum mechanics;nuclear power;solar panels;wind energy;climate change;global warming;volcanic winter;tsunamis;tornadoes;dinosaurs;whales in the Arctic;penguins;sharks;elephants in Africa;the Amazon;the Sahara;Mount Everest;the Nile;the Eiffel Tower;the Great Wall;the pyramids;Venus;Jupiter;Saturn;Pluto;the Milky Way;galaxies;comets;rockets;satellites;submarines;helicopters;engines;batteries;lasers;vaccines;antibiotics;vitamins;proteins;carbohydrates;sushi;pasta;curry;wine;beer;cheese making;chocolate cake;marriage;taxes;insurance;mortgages;pensions;human rights;the United Nations;the European Union""".split(";")
UNKNOWN_G = """(Who|When|Where|Why|How) (invented|discovered|found|wrote|composed|built|started|ended|began|won|lost) (it|{s}|the {w}|that {w})?
(Explain|Describe|Summarise|Analyse|Discuss|Teach me|Tell me about|Write about|Write an essay about|Write a poem about|Write a song about|Give me facts about|Give me a lecture on|I want to learn about|I need to know about|What do you know about|What is the history of|What is the future of|What do experts say about|Why is there|How does one study|What should I read about) {s}(.|)
(How|Why) (does|do|did|is|are|was|were) {s} (work|happen|exist|important|so famous|matter|dangerous|begin|end|change the world)?
(Who|What|Where|When) (is|was|were|are) {s}?
(Who|What) is the (president|king|queen|mayor|prime minister|chancellor|richest man|best singer|national bird|national dish|anthem|highest mountain|longest river|biggest lake|main religion|currency|official language|area|flag|climate) (of|in) (|the country |the city of |)(France|Germany|Italy|Spain|Japan|Brazil|Canada|Poland|Egypt|India|London|Hamburg|Chicago|Texas|California|Africa|Asia|Europe|the world|{p})?
(How|What) (tall|old|rich|heavy|fast|long|deep|wide|expensive|far away|popular|famous) (is|was) (a giraffe|the president|my house|this road|the Eiffel Tower|the Nile|{n}|{p}|a blue whale|the Atlantic|the Moon|my car|Mount Everest|the oldest tree|a cheetah)?
(How|Where|When) (do|can|should|could) I (get|buy|find|repair|clean|sell|learn|cook|build|install|update|delete|grow|plant|wash|paint|rent|cancel|renew|open|apply for|return) (a |an |my |the |)(passport|visa|car|bike|house|phone|laptop|printer|router|dishwasher|sofa|tomatoes|roses|pasta|steak|pizza|soup|German|Chinese|the guitar|chess|a new job|flat|loan|bank account|licence|subscription|ticket|{w})?
(Give|Write|Send|Show|Make) me (a recipe|recipes|a cooking recipe) for (soup|a salad|an apple pie|lasagne|pancakes|a pizza|dumplings|curry|a chocolate cake|bread rolls|{w})(.|, please.|)
(What|Which) (film|movie|book|song|game|restaurant|hotel|phone|laptop|car|school|university|job|country|city|team|show|wine|holiday|diet|sport) (should|would|could|can|shall) (I|we|you) (watch|read|play|buy|choose|visit|take|pick|recommend|try|prefer|go to)?
(What|Who) (will|is going to) (win|happen|be|become) (the election|the match|tomorrow|next year|the lottery|the world cup|in the future|the next president|popular next summer|in ten years)?
(Write|Draw|Create|Compose|Generate|Design|Develop) (me |)(a|an|some) (poem|song|novel|picture|image|logo|website|app|program in Python|program in C|function in Rust|letter to my landlord|application|speech|business plan|essay|haiku|sonnet|script|query|contract|lesson plan|business letter)(.|, please.| about {s}.)
(What|How much) (is|was|are) the (price|cost|value|market value|rent|exchange rate|tax) (of|for) (gold|silver|oil|a house|a car|a ticket|bitcoin|a pizza|milk|coffee|electricity|gas|a {w}|{w})( today| now| in dollars|)?
(What|Which) (happened|was invented|was discovered|began|ended|film won|war began|country was founded) in (the year |){y}?
(When|Where|How|Why) (was|did|were) (the war|the first war|the first car|the first computer|the revolution|the empire|the king|the printing press|the first train|{n}|{p}|the wall|the plague) (begin|end|invented|built|born|die|fall|happen|start)?
(What|How much) is ((b) (times|x|plus|minus|divided by|*|+|-|/) (b2)|the (square root|cube|logarithm|factorial|sine) of (b)|(b) percent of (b2)|the derivative of x squared|the integral of x|pi to ten digits|(b) in binary|(b) in Roman numerals)?
(Is|Are|Will|Does|Do|Can|Should) (it|she|he|they|we|the neighbours|my boss|the bus|the bank|the shop|the plane|this medicine|this mushroom|the water|my dog) (rain tomorrow|open today|late|closed on Sunday|safe to eat|come back|healthy|like me|invest in stocks|marry|move to another country|lie|win the game)?
(Diagnose|Treat|Cure|Help with) (my cough|a fever|back pain|a headache|my allergy|a cold)(.|)
(Translate|Proofread|Correct|Summarise|Rewrite|Shorten|Improve) (this|my|the|that) (text|letter|article|essay|book|report|email|paragraph|speech|sentence into Spanish|page)( for me|)(.|, please.|)
(Remind me|Wake me|Call me|Order|Book|Reserve|Buy|Send) (tomorrow|at noon|a taxi|a table|a flight|a room|a pizza|flowers|an email to my boss|a ticket|some milk)( please| for me|)(.|)
(What|Where) (is|are) (my|your) (password|address|bank account|phone|keys|glasses|wallet|car|birthday|favourite film|favourite song|favourite food|dog|plans for the weekend|opinion on politics|religion)?
(What is|Tell me|Show me|Give me|Read me) the (news|weather forecast|traffic report|football results|stock prices|horoscope|lottery numbers|exchange rate|score of the game|TV programme|headlines)( today| of today| for tomorrow| please|)(.|?)""".split("\n")
def f_unknown(r, ev=False):
    p = {"s": r.choice(SUBJECTS), "w": pseudo(r), "n": pseudo(r).capitalize() + (" " + pseudo(r).capitalize() if r.random() < .5 else ""), "p": corpus.FAKE_C(r), "y": r.randint(1000, 2020)}
    x = r.random()
    if x < .8:
        g = r.choice(UNKNOWN_G).replace("(b)", str(r.randint(120, 9999))).replace("(b2)", str(r.randint(120, 9999)))
        q = manner(r, say(r, g), **p)
    elif x < .9: q = ask(r, r.choice(["(the |)capital of {p}", "the (population|history|currency|flag|king|language) of {p}", "the (price|taste|meaning|inventor|history) of {w}", "the (birthday|age|address|phone number|job) of {n}"]), **p)
    else: q = manner(r, say(r, r.choice(["(Who|Where) is {n}?", "(Do you know|Have you met|Did you hear of) {n}?", "(What|Where) is {p}?", "(Explain|Describe|Define) {w}(| to me).", "What (does|is|can) (a |){w} (do|mean|be)?", "(What|Which) (colour|color) (is|has) (a |the |){w}?"])), **p)
    return It("unknown", q, FALLBACK, thought="I do not know this. I should say so.")

# ----------------------------------------------------------------------------------------------- text, letter by letter
FOLLOW = {}
for w in sorted(set(COMMON + WORDS + lessons.MORE_WORDS)):
    if w.isalpha() and w.isascii() and w.islower() and len(w) > 2:
        for i in range(-2, len(w) - 1): FOLLOW.setdefault(w[max(0, i):i + 2] if i > -2 else "", []).append(w[i + 2:i + 3] if i < len(w) - 2 else "")
def invented(r):
    """A word that looks English: each letter follows the two before it as in some word of the lists."""
    while True:
        w = ""
        while len(w) < 12:
            c = r.choice(FOLLOW.get(w[-2:] if w else "", [""]))
            if not c: break
            w += c
        if 3 <= len(w) <= 11: return w
def any_word(r):
    x = r.random()
    return r.choice(COMMON) if x < .5 else r.choice(lessons.MORE_WORDS) if x < .65 else r.choice(WORDS) if x < .8 else invented(r) if x < .95 else pseudo(r)
GRAMMAR_TEXT = ["(the|a|my|your|his|her|our|this|that|one|every|no) {w} (is|was|will be|looks|seems|became|can be) (very |so |not |too |quite |){w}", "{n} (has|likes|wants|needs|sees|sold|bought|found|lost|hates|makes) (a|the|two|many|some|{d}) {w}(| and a {w}| in {c}| for {n}| on {D}| every day)", "(in|on|at|under|near|behind|with|without|after|before) (the|a|my) {w}(|, | and ){w}", "(Why|When|Where|How) (did|does|will) {n} {w} (the|a) {w}?", "(do not|don't|please|never|always|you must) {w} (the|a|my|any) {w}( at {d}:{e}| today| again|)", "(I|we|they|you) (think|know|hope|fear|said) (that |)(the|a) {w} (is|has|needs) {w}", "{w} (and|or|but|then|not) {w}( and {w}| or {w}|)", "{w}, {w}, {w}( and {w}|)", "(Chapter|Page|Room|Gate|Line|Bus|Platform|Table|Order|Flight) {d}(: {w} {w}| is {w}|, {w}|)", "{w}: {w}(; {w}: {w}|, {d}|)", "{d} {w} (for|at|to) {d} {w}", "{w} {w} {w}( {w}|)( {w} {w}|)( {w} {w} {w}|)", "{n}, {n} and {n}(| from {c}| are {w})", "(on|by|until|since) {D}(|, {d} {M})(| at {d}:{e})"]
def any_text(r):
    x = r.random()
    if x < .2: return lessons.text(r)
    if x < .45: return " ".join(any_word(r) for _ in range(r.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 8])))
    if x < .5: return " ".join(any_word(r).capitalize() for _ in range(r.randint(1, 4)))
    s = say(r, r.choice(GRAMMAR_TEXT))
    s = re.sub(r"\{(\w)\}", lambda m: {"w": lambda: any_word(r), "n": lambda: person(r), "c": lambda: r.choice(CITIES), "d": lambda: str(r.choice([r.randint(0, 9), r.randint(10, 99), r.randint(100, 9999)])), "e": lambda: f"{r.randint(0, 59):02d}", "D": lambda: r.choice(DAYS), "M": lambda: r.choice(MONTHS)}[m[1]](), s)
    if r.random() < .5: s = up1(s)
    return s + r.choice([".", ".", "!", "?", "", "", ""]) if s[-1] not in ".?!" else s
ECHO_DO = ["(repeat|echo|say|copy|write|return|print|output|quote|type|give back|send back|read out|recite|reproduce|mirror|restate|pronounce)( this| the following| exactly this| after me| back| exactly| word for word| once| the text| the words| the sentence| the line| the string| the phrase| verbatim| the next line| these words| my words| my text| unchanged| without changes|)"]
ECHO_Q = ["(Here is|This is|I have|Take|I give you) (a|some|my|the|this) (text|line|sentence|phrase|string)(. Repeat it|, repeat it|. Say it back|. Copy it|. Echo it): {x}", "(Your|The|Your only|Your whole) (answer|reply|output|response) (is|should be|must be|has to be|will be): {x}", "(Answer|Reply|Respond|Come back)( only| just| simply|) with (this|the following|the text|the words|exactly this|nothing but): {x}", "(Repeat|Echo|Copy|Say) (it|this|that|the text)(:|) {x}", "(Repeat|Echo|Copy|Say) (what comes next|what follows|what I write|the words behind the colon|everything after the colon): {x}", "(Repeat|Echo|Copy|Say|Print) {x}", "(Text|Line|Input|String): {x}\n(Repeat it|Repeat the text|Say it again|Copy it|Echo it|Output the text)(.|)", "{x}\n(Repeat that|Repeat this|Repeat the line above|Copy the line above)(.|)", "(I want to hear|I want to read|I want to see|Let me hear|Let me read|Let me see)(| exactly| only| just): {x}", "(Again|Once again|Say again|One more time): {x}", "(Say|Write|Repeat|Type)( the word| the name| the number| the line|) \"{x}\"(.|)", "(Can|Could|Would|Will) you (please |)(repeat|say|echo|copy|write|print|type)( this| the following| exactly| after me| the text|): {x}", "(Please |Now |Then |)(repeat|echo|copy)(| this| exactly)(:|) \"{x}\"", "(repeat|echo)⟨{x}⟩", "(repeat|echo) >> {x}"]
def f_text(r, ev=False):
    x = any_text(r) if r.random() < .75 else payload(r)
    if r.random() < .45:
        t = say(r, r.choice(["(Please |Now |Just |Kindly |OK, |Hey, |||||){do}(, please|):", "(Can|Could|Would|Will) you (please |){do}(, please|):", "I (want|need|would like) you to {do}:", "(Your task|Task|Next): {do}:", "(Try to|You should|You must|Go ahead and) {do}:"])).replace("{do}", say(r, ECHO_DO[0])) + r.choice([" ", " ", " ", "\n"]) + "{x}"
    else: t = say(r, r.choice(ECHO_Q))
    if r.random() < .04: t = slip(r, t)
    t = up1(t) if r.random() < .75 and not t.startswith("{") else lower1(t) if not t.startswith("{") else t
    if '"' in t and '"' in x: t = "Repeat: {x}"
    return It("echo text", t.replace("{x}", x), x, thought="The user wants me to repeat the text.")

SPELL_NP = ["(the |)(spelling|letters) of (the word |the name |){w}", "the correct spelling of {w}", "(all |)the (single |)letters (in|of) (the word |){w}", "how {w} is (spelled|written)", "how to (spell|write) {w}", "{w} (spelled out|letter by letter|in single letters|spelled)"]
SPELL_DO = ["spell (|the word |the name |this word: |out |out the word |me |for me )({w})( letter by letter| slowly| correctly| out loud| out| with hyphens| one letter at a time| in letters| aloud| clearly|)", "(write|say|print|show|give me|tell me|list|name|type) (|all |all of )the letters (of|in) (the word |the name |){w}( one by one| with dashes| in order|)", "(write|say|print|type) {w} (letter by letter|one letter at a time|with dashes|in single letters|with hyphens between the letters)", "(break|split|cut|take) {w} (up |apart |)into (single |its |)letters", "(put|write) dashes between the letters of {w}", "separate the letters of {w}( with dashes|)"]
SPELL_Q = ["How (do|would|does|should|can|must) (you|I|one|we|people|a child) (spell|write|correctly spell) (the word |the name |){w}( correctly| properly| in English| please|)?", "How is (the word |the name |){w} (spelled|spelt|written)( correctly| in English|)?", "(What|Which) (are the|letters does|letters has|letters make up|letters form|letters build) (letters of|the word) {w}(| have| contain)?", "(Which|What) letters (are there |do I need |do I write |does one use |)(in|for) (the word |){w}?", "Spelling: {w}", "Spell: {w}", "spell {w}", "spell⟨{w}⟩", "{w} - (spell it|spell|letters?|spelling?)", "{w}: (spell it|spell this|letter by letter|spelling please)", "(I am not sure|I forgot|I never know|I don't know|I want to learn|Teach me|Show me) how to (spell|write) {w}(. Can you help?|. Help me.|.)", "(My child|My son|A pupil|My friend|The teacher) (wants to|has to|must|should|cannot) spell {w}. (How does it go?|Help, please.|Can you do it?)", "(The|Next|A new|My) word(| to spell)(:| is) {w}. (Spell it.|Please spell it.|How is it spelled?|How do you spell it?|What are its letters?)", "(Spelling bee|Spelling test|Spelling quiz)(:| with the word) {w}"]
def f_spell(r, ev=False):
    x = r.random()
    w = r.choice(COMMON) if x < .26 else invented(r) if x < .5 else lessons.word(r) if x < .62 else r.choice(PIECES).lstrip("Ġ") + (r.choice(PIECES).lstrip("Ġ") if r.random() < .6 else "") if x < .8 else person(r) if x < .86 else "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(r.randint(2, 7))) if x < .92 else r.choice(CITIES + [c for c, _, _ in CAPITALS]).replace(" ", "")
    if not w.isalpha() or len(w) > 12 or len(w) < 2: w = r.choice(COMMON)
    if r.random() < .05: w = w.capitalize()
    v = r.choice([w, w, w, w, f'"{w}"', f"'{w}'"])
    y = r.random()
    q = ask(r, r.choice(SPELL_NP), w=v, keep=1) if y < .2 else do(r, r.choice(SPELL_DO), w=v, keep=1) if y < .6 else manner(r, say(r, r.choice(SPELL_Q)), w=v, keep=1)
    return It("spelling", q, "-".join(w), thought="I write the letters one by one.")

SIMPLE = [(f_talk, 17), (f_capital, 7), (f_math, 9), (f_opp, 9), (f_col, 4), (f_cal, 7), (f_count, 4), (f_list, 4), (f_text, 11), (f_spell, 9), (f_thing, 7), (f_unknown, 7)]
def clean(r, f):
    """An item of a maker of this part that shares no wording with what is held out."""
    while True:
        it = f(r)
        if apart(it.q): return it
def simple(r, fams=None):
    if r.random() < .3: return lessons.simple(r, False, None)
    fs = fams or SIMPLE
    return clean(r, r.choices([f for f, _ in fs], [w for _, w in fs])[0])
def turn(p): return [["user", p.q, None], ["assistant", p.a, None]]

def d_simple(r, f):
    it = clean(r, f)
    turns, x = [], r.random()
    for _ in range(0 if x < .7 else 1 if x < .9 else 2): turns += turn(simple(r))
    return doc(it.fam, turns + turn(it), system_text(r))

def d_follow(r):
    """A question, then a short one that leans on it."""
    k = r.randrange(8)
    And = lambda x: say(r, r.choice(["And {x}?", "What about {x}?", "(And |)of {x}?", "How about {x}?", "Now {x}(.|, please.)", "The same for {x}(.|, please.)", "And for {x}?", "{x}?", "OK, and {x}?", "And what about {x}?", "Then {x}?", "Next: {x}"])).replace("{x}", x)
    n = r.choice([1, 1, 2, 3])
    if k == 0:
        turns = turn(clean(r, f_capital))
        for _ in range(n): c, K, _ = r.choice(CAPITALS); turns += [["user", And(c), None], ["assistant", f"The capital of {c} is {K}.", None]]
        if "The capital of" not in turns[1][1]: return d_follow(r)
    elif k == 1:
        turns = turn(clean(r, f_opp))
        for _ in range(n): w = r.choice(OPPS); turns += [["user", And(w), None], ["assistant", f"The opposite of {w} is {OPP[w]}.", None]]
    elif k == 2:
        turns = turn(clean(r, f_col))
        for _ in range(n): x, c = r.choice(COLOURS); turns += [["user", And(x), None], ["assistant", f"{up1(x)} is {c}.", None]]
    elif k == 3:
        turns = turn(clean(r, f_math))
        for _ in range(n):
            op = r.choice("+-*"); a, b = r.choice({"+": corpus.ADD_A, "-": corpus.SUB_A, "*": corpus.MUL_A}[op]); v = {"+": a + b, "-": a - b, "*": a * b}[op]
            turns += [["user", And(r.choice([f"{a} {op} {b}", f"{a} {dict(zip('+-*', ['plus', 'minus', 'times']))[op]} {b}"])), None], ["assistant", f"{a} {op} {b} = {v}", None]]
    elif k == 4:
        it = clean(r, f_spell); turns = turn(it)
        for _ in range(n): w = any_word(r); turns += [["user", And(w), None], ["assistant", "-".join(w), None]]
    elif k == 5:
        it = clean(r, f_thing)
        while it.short: it = clean(r, f_thing)
        turns = turn(it)
        for _ in range(n): x = r.choice(list(THINGS)); turns += [["user", And(x), None], ["assistant", THINGS[x], None]]
    elif k == 6:                                         # the next day or month
        S = r.choice([DAYS, MONTHS]); d = r.randrange(len(S)); s = r.choice([1, -1]); w = "after" if s > 0 else "before"
        turns = [["user", say(r, r.choice(["(What|Which one) comes " + w + " {d}?", "(Tell me|Say) what comes " + w + " {d}."]), d=S[d]), None], ["assistant", f"{S[(d + s) % len(S)]} comes {w} {S[d]}.", None]]
        for _ in range(n):
            d = (d + s) % len(S); turns += [["user", say(r, "(And then|And " + w + " that|And " + w + " {d}|And next|What comes " + w + " that)?", d=S[d]), None], ["assistant", f"{S[(d + s) % len(S)]} comes {w} {S[d]}.", None]]
    else:                                                # the last answer again
        it = simple(r)
        while len(it.a) > 70: it = simple(r)
        turns = turn(it)
        if r.random() < .5: turns += [["user", say(r, "(Say that again|Again, please|Repeat that|Repeat your answer|Once more, please|Say it again|Could you repeat that|What did you say|Pardon, what was that|Can you say that again)(.|?)"), None], ["assistant", it.a, None]]
        else: turns += [["user", say(r, "(Now in upper case|The same in upper case|Say it in capital letters|Repeat that in capitals|In upper case, please|Again in capital letters)(.|, please.|)"), None], ["assistant", it.a.upper(), None]]
    return doc("follow up", turns, system_text(r))

# --------------------------------------------------------------------------------------------------- system instructions
SYSTEMS = ["You are (a|the) (helpful |friendly |polite |kind |small |tiny |local |smart |good |reliable |cheerful |calm |honest ||)(assistant|bot|chatbot|helper|model|language model|AI|companion|tutor|AI assistant|chat assistant)(| named Orchard| of {n}| for {n}| in a {s}| of a {s}| for children| for beginners| on a laptop| for testers| in a game).", "(Act|Behave|Speak|Reply) (as|like) a (friendly|polite|helpful|kind) (assistant|teacher|librarian|butler|clerk|guide).", "(The user is|You talk to|You help|You work with) (a child|a student|a developer|a customer|a tester|a guest|{n}|people|beginners).", "(Be|Stay|Always be) (short|kind|brief|friendly|polite|precise|honest|helpful|clear|nice|concise).", "(Give|Write|Keep to|Prefer) (short|clear|simple|precise|correct|honest) (answers|replies|sentences).", "(Answer|Reply to|Help with) (every|each|all|the) (question|questions|request|requests)( of the user| honestly| politely| as well as you can|).", "(Use|Speak|Write) (plain|simple|clear|good) English.", "(Today is|It is|The date is) {D}.", "(If|When|In case) you (do not know|don't know|are not sure), (say so|say that you do not know|admit it).", "(Do not|Never|Don't) (lie|guess|invent things|make things up|be rude|ask back|talk too much).", "(This is|You are in) (a test|a demo|a chat|a first run|an example|a sample app)."]
def system_text(r):
    x = r.random()
    if x < .5: return ""
    if x < .72: return lessons.system_text(r)
    return " ".join(say(r, r.choice(SYSTEMS), n=person(r), s=r.choice(lessons.ROLES), D=r.choice(DAYS)) for _ in range(r.choice([1, 1, 2, 2, 3])))
RULES = {
    "up": ["(Please |Always |From now on, |You |||)(answer|reply|respond|write|speak|talk|type|shout)( only| just| everything|) in (upper case|uppercase|capitals|capital letters|all caps|all capitals|upper case letters|big letters|block capitals)( only| letters only| every time| please| always|).", "(Use|Write with|Type|Answer with|Employ) (only |just |nothing but |||)(upper case|uppercase|capital|big) letters(| in your answer| in all answers| everywhere| for everything| for every word).", "(Your|The|All|Every|Each) (answer|answers|reply|replies|output|response) (must be|should be|is|are|has to be|shall be|will be|comes) in (upper case|uppercase|capitals|capital letters|all caps).", "(ALL CAPS|UPPER CASE|UPPERCASE|CAPS|CAPITALS)(| ONLY| PLEASE|, please)(.|!)", "(No|Never use|Avoid|Do not write|Don't use) (lower case|lowercase|small)(| letters).", "(Everything|Every word|Each word|All text) (you write |you say ||)(is|must be|should be) (in |)(upper case|uppercase|capitals|capital letters)."],
    "low": ["(Please |Always |From now on, |You |||)(answer|reply|respond|write|speak|talk|type|whisper)( only| just| everything|) in (lower case|lowercase|small letters|lower case letters|lowercase letters|all lowercase)( only| every time| please| always|).", "(Use|Write with|Type|Answer with) (only |just |nothing but |||)(lower case|lowercase|small) letters(| in your answer| in all answers| everywhere| for everything).", "(Your|The|All|Every|Each) (answer|answers|reply|replies|output|response) (must be|should be|is|are|has to be|shall be) in (lower case|lowercase|small letters).", "(all lowercase|lower case|lowercase|small letters)(| only| please|, please)(.|!)", "(No|Avoid|Do not write|Don't use|Never write) (upper case|uppercase|capital|capitals|big)(| letters).", "(Everything|Every word|Each word|All text) (you write |you say ||)(is|must be|should be) (in |)(lower case|lowercase|small letters)."],
    "one": ["(Please |Always |From now on, |You |||)(answer|reply|respond|say|speak)( only| just|) (with|in|using) (a|one|exactly one|only one|just one|no more than one) (single |)word(| only| please| each time| every time).", "(Use|Give|Write|Say|Return|Print) (only |just |exactly |no more than |||)(one|a single) word(| as an answer| as your answer| per answer| for each answer| and no more| each time).", "(Your|The|Every|Each) (answer|reply|output|response) (must be|should be|is|has to be|shall be|consists of|contains|has) (one|a single|exactly one|only one|just one) word.", "(One|Single) word (answers|replies|responses|only)(| please|, please)(.|!)", "(No|Never write|Avoid|Do not write|Don't use) (full |whole |complete |)sentences(, just one word|, only one word|; one word will do).", "(Keep|Limit|Restrict|Shorten|Cut|Reduce) (it|your answer|your reply|the answer|answers|each answer|everything) to (one|a single) word.", "(Be very short: one word|One word is enough|One word will do|One word, please|A one word answer, please|Say it in one word|Just a word)."],
    "num": ["(Please |Always |From now on, |You |||)(answer|reply|respond)( only| just|) (with|using|in) (a|the|one|just a|just the|only a|only the) (number|figure|digits)(| only| please| and no words| every time| alone).", "(Use|Give|Write|Say|Return|Print|Output) (only |just |nothing but |||)(the number|a number|the result|digits|the digits|numbers|the figure)(| as your answer| and no text| and no words|, no words|, no text).", "(Your|The|Every|Each) (answer|reply|output|response) (must be|should be|is|has to be|shall be|consists of|contains) (a number|only a number|just the number|digits only|a plain number|the bare number).", "(Number|Numbers|Digits|Result) only(| please|, please)(.|!)", "(No|Never use|Avoid|Do not write|Don't use) (words|text|letters)(, just the number|, only the number|; the number is enough).", "(I only want|I only need|I just want|I just need|We only need) the (number|result|figure)."],
    "end": ["(Please |Always |From now on, |You ||||)(end|finish|close|conclude) (your answer|every answer|each answer|all answers|your reply|every reply|all replies|each message|every message|your response|what you say||) with (|the text |the words |the code |the string |the marker |the sign |the phrase |a final ){c}.", "(Put|Write|Add|Place|Append|Attach|Say|Print) {c} (at the end|at the very end|as the last thing|last|at the end of your answer|at the end of every reply|to each answer|after your answer|after every answer|at the bottom|as a closing).", "(Your|The|Every|Each) (answer|reply|output|response|message) (must|should|has to|shall|will) (end|finish|close) (with|in) {c}.", "(The last thing|The last word|The final word|The end) of (your answer|every answer|each reply) (is|must be|should be) {c}.", "(After|Behind) (your answer|every answer|each reply)(,|) (add|put|write|say|append) {c}.", "(Do not forget|Don't forget|Remember|Make sure|Take care) to (end|finish|close) with {c}.", "(Sign|Sign off) (with|as|every answer with|each reply with) {c}."],
    "start": ["(Please |Always |From now on, |You ||||)(start|begin|open) (your answer|every answer|each answer|all answers|your reply|every reply|all replies|each message|every message|your response|what you say||) with (|the text |the words |the code |the string |the marker |the sign |the phrase ){c}.", "(Put|Write|Add|Place|Say|Print) {c} (at the start|at the beginning|at the very start|as the first thing|first|in front|at the start of your answer|at the beginning of every reply|before your answer|before every answer|at the front).", "(Your|The|Every|Each) (answer|reply|output|response|message) (must|should|has to|shall|will) (start|begin|open) with {c}.", "(The first thing|The first word|The beginning|The start) of (your answer|every answer|each reply) (is|must be|should be) {c}.", "(Before|In front of) (your answer|every answer|each reply)(,|) (add|put|write|say) {c}.", "(Do not forget|Don't forget|Remember|Make sure|Take care) to (start|begin|open) with {c}.", "(Prefix|Precede) (your answer|every answer|each reply|all you say) with {c}."],
}
FACTS = [(f_capital, 6), (f_opp, 5), (f_col, 4), (f_cal, 4)]
def d_system(r):
    k = r.choice("up up low low one one one num num end end end start start".split())
    s = say(r, r.choice(RULES[k]))
    s = up1(s) if r.random() < .9 else s
    if r.random() < .04: s = slip(r, s)
    if r.random() < .15: s = s.rstrip(".")
    c = r.choice([code(r), code(r), code(r), r.choice(WORDS).capitalize(), r.choice(corpus.EMOJI), any_word(r).upper(), any_word(r), say(r, "(Over and out|Thank you.|OK|***|--|So it is.|Amen|>|[ok]|Well|Listen:|Done|Yes|Best regards|Roger|Ahoy|The end|Cheers|Sir|My friend|#|~|END|Stop|Bye|Right|Hm|==|Note:|Answer:)")])
    s = s.replace("{c}", r.choice([c, c, c, f'"{c}"', f"'{c}'"]))
    turns = []
    for _ in range(r.choice([1, 1, 1, 1, 2, 3])):
        fams = [(f_math, 1)] if k == "num" else FACTS if k == "one" else FACTS + [(f_talk, 9), (f_math, 6), (f_thing, 2)] + ([(f_text, 2), (f_list, 1)] if k in ("up", "low") else [(f_list, 1), (f_spell, 1)])
        it = simple(r, fams) if k not in ("num", "one") else clean(r, r.choices([f for f, _ in fams], [w for _, w in fams])[0])
        while k == "one" and (not it.short or " " in it.short): it = clean(r, r.choice(FACTS)[0])
        if len(it.a) > 160: continue
        if it.fam.startswith("echo"): it.a = any_text(r); it.q = "Repeat: " + it.a
        turns += [["user", it.q, None], ["assistant", lessons.obey(k, it, c), None]]
    if not turns: return d_system(r)
    if r.random() < .45:
        b = system_text(r)
        s = (b + " " + s if b else s) if r.random() < .7 else (s + (" " if s[-1] in ".!" else ". ") + b if b else s)
    if len(turns) == 2 and r.random() < .25:
        q = turns[0][1]
        turns[0][1] = q + (" " if q[-1] in ".!?" else ". ") + s if r.random() < .6 else s + (" " if s[-1] in ".!?" else ". ") + q
        s = system_text(r) if r.random() < .3 else ""
    return doc("system instruction", turns, s)

# --------------------------------------------------------------------------------------------------------------- memory
TELL = {"name": ["(By the way, |Hello, |Hi, |Hey, |Good evening, |OK, |First: |||)(my name is|I am called|I'm called|call me|people call me|they call me|the name is|my first name is|you may call me|you can call me) {v}(.|!|, by the way.| and I am happy to be here.|, remember that.|)"],
        "colour": ["(By the way, |OK, |First: |Please note: |Remember: |||)(my favourite colour is|my favorite color is|the colour I love is|I love|I prefer|I like best the colour|my best colour is) {v}(.|!| more than any other.|)"],
        "number": ["(Please |Now |OK, |||)(remember|note|keep|store|save|memorise|do not forget|don't forget|keep in mind) (the|this|my) (number|lucky number|room number|house number|ticket number)(:|,|) {v}(.|!| for later.|)", "(My|The) (room|house|ticket|lucky|locker|bus|seat|table) number is {v}(.|, remember it.|)"],
        "word": ["(Please |Now |OK, |||)(remember|note|keep|store|save|memorise|do not forget|don't forget|keep in mind) (the|this|my|this secret) (word|secret word|magic word)(:|,|) {v}(.|!| for later.|)", "(My|The|Our|Today's) (secret|magic|key) word is {v}(.|, remember it.|)"],
        "code": ["(Please |Now |OK, |||)(remember|note|keep|store|save|memorise|do not forget|don't forget|keep in mind) (the|this|my) (code|booking code|door code|access code|order code)(:|,|) {v}(.|!| for later.|)", "(My|The|Our) (door|access|order|secret|ticket|booking) code is {v}(.|, remember it.|)"],
        "password": ["(Please |Now |OK, |||)(remember|note|keep|store|save|memorise|do not forget) (the|this|my) password(:|,|) {v}(.|!|)", "(My|The|Our|Today's|The wifi) password is {v}(.|, remember it.|)"],
        "city": ["(By the way, |OK, |First: |||)(I live in|my home is|my home town is|I am at home in|I come from|I am from|I moved to|my family lives in|I have a flat in) {v}(.|!| these days.| since last year.|)"],
        "age": ["(By the way, |OK, |||)(I am|I'm|I just turned|I have turned|I am already|my age is) {v}( years old|)(.|!|)"]}
RECALL = {"name": ["(What|Which|What again) (is|was) my name( again| please|)?", "(Do you|Can you|Could you|Did you) (still |)(know|remember|recall|say|repeat|tell me) (my name|what my name is|what I am called|how I am called|what my name was)?", "(Tell|Remind) me (of my name|what my name is|what I am called|how I am called)(.|)", "(How|What) am I called( again|)?", "(What|Which) name did I (give|tell|say|give you|tell you)?", "My name (was|is)(?|...|)"],
          "colour": ["(What|Which) (is|was) my (favourite|preferred|best) (colour|color)( again| please|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me) my favourite (colour|color)?", "(Which|What) (colour|color) do I (love|like most|prefer|like best)?", "(Tell|Remind) me (of my|what is my) favourite (colour|color)(.|)"],
          "number": ["(What|Which) (is|was) (the|my) number( again| please| I told you|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me|repeat) (the|my) number?", "(Which|What) number did I (give|tell|mention to|say to) you?", "(Tell|Remind|Give) me (of |)(the|my) number( again|)(.|)", "(The|My) number (was|is)(?|...|)"],
          "word": ["(What|Which) (is|was) (the|my) (secret |magic |)word( again| please| I told you|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me|repeat) (the|my) (secret |)word?", "(Which|What) word did I (give|tell|mention to|say to) you?", "(Tell|Remind|Give) me (of |)(the|my) word( again|)(.|)", "The word (was|is)(?|...|)"],
          "code": ["(What|Which) (is|was) (the|my) code( again| please| I told you|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me|repeat) (the|my) code?", "(Which|What) code did I (give|tell|mention to|say to) you?", "(Tell|Remind|Give) me (of |)(the|my) code( again|)(.|)", "(The|My) code (was|is)(?|...|)"],
          "password": ["(What|Which) (is|was) (the|my) password( again| please| I told you|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me|repeat) (the|my) password?", "(Tell|Remind|Give) me (of |)(the|my) password( again|)(.|)", "I forgot my password. What (is|was) it?"],
          "city": ["(Where|In which city|In what city) (do|did) I (live|say I live|tell you I live)?", "(What|Which) (is|was) my (home town|home|city|home city|town)( again|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me) (where I live|my home town|where I am from|where my home is)?", "(Tell|Remind) me where I (live|am from)(.|)", "(Where|From where|From which city) am I( from|)?"],
          "age": ["(How old am I|What is my age|What age am I|What was my age)( again| please| now|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me) (my age|how old I am)?", "(Tell|Remind) me (of my age|how old I am)(.|)"],
          "pet": ["(What|Which) (is|was) (the name of my {p}|my {p}'s name)( again| please|)?", "(How|What) is my {p} called( again|)?", "(Do you|Can you|Could you) (still |)(know|remember|recall|say|tell me) (my {p}'s name|the name of my {p}|what my {p} is called)?", "(Tell|Remind) me (what my {p} is called|of my {p}'s name|of the name of my {p})(.|)", "My {p}'s name (was|is)(?|...|)"]}
RECALL["person"] = RECALL["pet"]
def d_memory(r, between=None, more=False):
    kinds = lessons.memory_kinds(r); r.shuffle(kinds)
    facts = kinds[:r.choice([1, 1, 2, 2, 3, 4] if more else [1, 1, 2, 3])]
    fill = lambda k, t: t.format(v=k[1], c=r.choice(CITIES), w=any_word(r))
    turns, system = [], system_text(r)
    inside = [k for k in facts if lessons.SYSTEM_FACT[k[0]]] if r.random() < .2 else []
    if inside: system = (system + " " if system else "") + " ".join(fill(k, r.choice(lessons.SYSTEM_FACT[k[0]])) for k in inside); facts = inside
    else:
        for k in facts:
            t = say(r, r.choice(TELL[k[0]])) if k[0] in TELL and r.random() < .6 else r.choice(k[2])
            turns += [["user", up1(fill(k, t)) if r.random() < .85 else fill(k, t), None], ["assistant", up1(fill(k, k[3])), None]]
            if between and r.random() < .4: turns += small_turn(r)
    for _ in range(r.choice([0, 0, 1, 1, 2, 3]) if between is None else between): turns += small_turn(r)
    for k in r.sample(facts, len(facts)) if r.random() < .6 else facts[:1]:
        noun = re.match(r"I will remember that your (\w+) is called", k[3])
        for _ in range(9):
            q = manner(r, say(r, r.choice(RECALL[k[0]]))).replace("{p}", noun[1] if noun else "") if r.random() < .6 else corpus.vary(r, r.choice(k[4][:-1]))
            if apart(q): break
        turns += [["user", q, None], ["assistant", up1(fill(k, k[5])), None]]
    if r.random() < .08:
        k = kinds[-1]
        if k not in facts and not inside and k[0] in TELL: turns += [["user", r.choice(k[4][:-1]), None], ["assistant", "You have not told me that yet.", None]]
    return doc("memory", turns, system)
def small_turn(r):
    while True:
        p = simple(r)
        if len(p.a) < 90: return turn(p)
def d_far(r, shortest=600, longest=1950):
    """A fact or a few at the start, many turns, then the questions."""
    while True:
        d = d_memory(r, r.randint(shortest // 24, longest // 20), True)
        if shortest <= sum(map(len, map(lessons.tokenizer().encode, (t for t, _ in corpus.segments(d))))) <= longest: break
    d["family"] = "long memory"
    return d
def d_chat(r):
    turns = []
    for _ in range(r.randint(3, 10)): turns += small_turn(r)
    return doc("long chat", turns, system_text(r))

def d_think(r):
    it = simple(r, [(f_talk, 14), (f_capital, 8), (f_math, 10), (f_opp, 9), (f_col, 5), (f_cal, 6), (f_count, 3), (f_list, 3), (f_text, 6), (f_spell, 4), (f_thing, 6), (f_unknown, 6)])
    turns = small_turn(r) if r.random() < .12 else []
    return doc("think", turns + [["user", it.q, None], ["assistant", f"<think>\n{it.thought}\n</think>\n\n{it.a}", None]], system_text(r), None, True)

# ---------------------------------------------------------------------------------------------------------------- tools
def clock(r): return f"{r.randint(0, 23):02d}:{r.choice(['00', '15', '30', '45', f'{r.randint(0, 59):02d}'])}"
def date(r): return r.choice([f"{r.randint(2023, 2030)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}", r.choice(DAYS), f"{r.choice(MONTHS)} {r.randint(1, 28)}", "tomorrow", "today"])
def words(r, low=1, high=3): return " ".join(any_word(r) for _ in range(r.randint(low, high)))
VALUES = {
    "city": lambda r: r.choice(CITIES), "person": person, "words": words, "title": lambda r: words(r, 1, 4), "word": any_word, "room": lambda r: r.choice(corpus.ROOMS), "time": clock, "date": date,
    "day": lambda r: r.choice(DAYS), "mail": lambda r: f"{person(r).lower()}@{any_word(r)}.{r.choice(['com', 'org', 'net'])}", "file": lambda r: any_word(r) + r.choice([".txt", ".pdf", ".csv", ".json", ".md", ".log"]), "path": lambda r: "/" + "/".join(any_word(r) for _ in range(r.randint(1, 3))),
    "id": lambda r: r.choice([code(r), code(r), str(r.randint(1, 99999)), "".join(r.choice(corpus.UP) for _ in range(2)) + str(r.randint(1, 999))]), "currency": lambda r: r.choice(corpus.CURS), "language": lambda r: r.choice(corpus.LANGS), "country": lambda r: r.choice(CAPITALS)[0],
    "small": lambda r: r.randint(1, 12), "count": lambda r: r.choice([r.randint(1, 9), r.randint(10, 99), r.randint(100, 999)]), "percent": lambda r: r.randint(0, 100), "big": lambda r: r.choice([r.randint(0, 20), r.randint(10, 99), r.randint(100, 9999)]),
    "topic": lambda r: r.choice("sport politics music science weather business travel health art film technology food history money games".split()), "dish": lambda r: r.choice("pizza soup salad pasta curry burger rice noodles cake sandwich".split()), "list": lambda r: r.choice("shopping work holiday party garden packing school weekend".split()) , "unit": lambda r: r.choice("miles kilometers meters feet inches pounds kilograms liters gallons".split()),
}
# names | descriptions | parameters (names : type : value) | requests that begin with a verb | other requests
SPECS = """book_table,reserve_table,make_reservation|Book a table in a restaurant.,Reserves a table|place,restaurant:string:word;people,guests,persons:integer:small;time,at:string:time|(book|reserve|get me) a table at {0} for {1} (people|persons|guests) at {2}|(I need|We need|I want) a table at {0} for {1} (people|persons|guests) at {2}.
create_event,add_event,new_appointment|Create an event in the calendar.,Adds an appointment|title,name,subject:string:words;date,day,on:string:date|(create|add|make|plan) (an event|an appointment|a calendar entry) {0} on {1}/(put|write) {0} (in|into) (my|the) calendar (on|for) {1}|(I have|There is) an appointment {0} on {1}. (Add it.|Put it in the calendar.)/Calendar: {0}, {1}
send_email,email,mail|Send an e-mail.,Sends an email to an address|to,address,recipient:string:mail;subject,title,about:string:words|(send|write) an (email|e-mail|mail) to {0} (about|with subject|with the subject) {1}/(email|mail) {0} about {1}|Email to {0}, subject {1}
set_alarm,alarm,wake_up|Set an alarm.,Sets the alarm clock|time,at,clock:string:time|set (an|the|my) alarm (for|to|at) {0}/wake me (up |)at {0}|(I must get up|I have to get up|I want to wake up) at {0}./Alarm (at|for) {0}
add_reminder,create_reminder,remind|Create a reminder.,Reminds the user of something|text,what,title:string:words;time,at,when:string:time|remind me (of|about) {0} at {1}/(create|set|add) a reminder {0} (for|at) {1}|(I must not forget|Don't let me forget) {0} at {1}.
get_route,find_route,directions,navigate|Get the route between two cities.,Finds the way from one place to another|from,start,origin:string:city;to,end,destination:string:city|(find|show me|get|plan|compute) (the |a |)(route|way|directions) from {0} to {1}/(take|bring|navigate|drive) me from {0} to {1}|How do I (get|drive|travel|come) from {0} to {1}?/(Which|What) (road|way|route) leads from {0} to {1}?/{0} to {1}: route(?|)
distance,get_distance,measure_distance|Get the distance between two cities.,Returns the distance|a,from,start:string:city;b,to,end:string:city|(tell me|get|measure|compute) the distance (from|between) {0} (and|to) {1}|How far is it from {0} to {1}?/How far (is|are) {0} and {1} apart?/Distance {0} - {1}?
search_flights,find_flights,flights|Search flights between cities.,Finds flights|from,origin:string:city;to,destination:string:city;date,day,on:string:date|(find|search|look for|show me|list) (a flight|flights) from {0} to {1} on {2}|(I want|I need|I'd like) to fly from {0} to {1} on {2}./Flights from {0} to {1}, {2}?/(Is there|Are there) (a flight|flights) from {0} to {1} on {2}?
book_hotel,reserve_room,find_hotel|Book a hotel in a city.,Books a hotel room|city,place,town:string:city;nights,days:integer:small|(book|find|reserve|get me) a (hotel|room|hotel room) in {0} for {1} nights|I (need|want) a (hotel|room) in {0} for {1} nights./{1} nights in {0}, please. (Book a hotel.|)
call_person,call,phone,make_call|Call a person.,Makes a phone call|name,person,contact,who:string:person|(call|phone|ring|ring up) {0}|(I want|I need|I have) to (talk|speak) to {0}( on the phone|)./Get {0} on the phone.
set_volume,volume,change_volume|Set the volume.,Changes the loudness|level,percent,volume:integer:percent|(set|change|turn) the (volume|sound) to {0}( percent|)/make it {0} percent loud|Volume {0}(, please|)/Volume (to|at) {0} percent.
lock_door,close_door,lock|Lock a door.,Locks the door of a room|room,door,place:string:room|(lock|close) the {0} door/lock (up |)the {0}|(Is the {0} locked? Please lock it.|The {0} must be locked.)/I left the {0} open. Lock it.
start_robot,clean_room,vacuum|Clean a room.,Sends the cleaning robot to a room|room,where,place:string:room|(clean|vacuum|sweep) the {0}|The {0} is dirty. (Clean it.|)/(It is dusty|There is dust) in the {0}.
read_file,open_file,load_file,show_file|Read a file.,Returns the text of a file|path,file,name:string:file|(read|open|load|show|print|display) (the file |file |){0}|What (is|does it say|stands|is written) in (the file |){0}?/(I need|Give me) the (text|content) of {0}.
write_file,save_file,create_file|Write a file.,Saves text to a file|path,file,name:string:file;text,content,data:string:words|(write|save|put|store) {1} (to|into|in) (the file |){0}/(create|make) a file {0} with (the text |){1}|File {0} should (contain|hold): {1}
delete_file,remove_file|Delete a file.,Removes a file|path,file,name:string:file|(delete|remove|erase) (the file |file |){0}|(I do not need|I no longer need) {0}. (Delete it.|Remove it.)/Get rid of (the file |){0}.
list_files,show_folder,dir|List the files of a folder.,Shows what is in a folder|folder,path,dir:string:path|(list|show|print|get) (the |all |)files (in|of|under) {0}|(What|Which files) (is|are) in (the folder |){0}?/What does the folder {0} contain?
run_query,query_database,sql|Run a query.,Searches the database|query,text,sql:string:words|(run|execute|start) the query {0}/query (the database |)for {0}|Database: {0}
random_number,get_random,random|Get a random number.,Returns a random number in a range|min,low,from:integer:small;max,high,to:integer:count|(give me|get|pick|draw|choose|generate) a random number (between|from) {0} (and|to) {1}|(I need|Please:) a random number between {0} and {1}./Random: {0} to {1}
convert_unit,convert_length,unit_converter|Convert a value between units.,Converts units|value,amount,number:integer:big;from,unit,source:string:unit;to,target:string:unit|convert {0} {1} (to|into) {2}/(express|write) {0} {1} in {2}|How (many|much) {2} are {0} {1}?/{0} {1} in {2}?
subtract,minus,difference|Subtract two numbers.,Returns the difference of two numbers|a,x,first,left:integer:big;b,y,second,right:integer:big|(compute|calculate|work out) {0} (-|minus) {1}|(What is|What's|How much is) {0} (-|minus) {1}?/{0} - {1}
divide,quotient,division|Divide two numbers.,Returns the quotient of two numbers|a,x,first,left:integer:big;b,y,second,right:integer:big|divide {0} by {1}/(compute|calculate) {0} (/|divided by) {1}|(What is|What's|How much is) {0} (/|divided by) {1}?
power,pow|Raise a number to a power.,Returns a power of a number|base,x,number:integer:small;exponent,n,power:integer:small|(raise|take) {0} to the power (of |){1}|What is {0} to the power (of |){1}?/{0} ^ {1}
square_root,sqrt,root|Get the square root of a number.,Returns the square root|number,x,value:integer:big|(take|compute|calculate|find) the (square root|root) of {0}|What is the (square root|root) of {0}?
is_prime,check_prime,prime|Check whether a number is prime.,Tests a number|number,n,value:integer:big|check (if|whether) {0} is (a prime|prime|a prime number)|Is {0} (a prime|prime|a prime number)?
order_food,order,order_meal|Order food.,Orders a meal|dish,meal,food:string:dish;count,amount,quantity:integer:small|(order|get|buy) {1} {0}/order {0}, {1} (pieces|portions|times)|(I want|We want|I'd like) {1} portions of {0}./{1} x {0}, please
get_news,news,headlines|Get the news.,Returns news about a topic|topic,subject,about:string:topic|(show|tell|read|get|give) me (the |some |)news (about|on) {0}/(find|look for) news (about|on) {0}|What is new in {0}?/(What are the|Any|The latest) news (about|on|in) {0}?/News: {0}
add_note,create_note,save_note,note|Save a note.,Writes a note|text,note,content:string:title|(note|write down|save|add) (a note|the note|this)(:|) {0}/(take|make) a note(:|) {0}|Note: {0}/Note to self: {0}
find_contact,get_contact,lookup_person|Find a person in the address book.,Returns the contact of a person|name,person,who:string:person|(find|look up|search|get|show) the (contact|address|phone number|number) of {0}|(What is|Do you have|I need) the (phone number|address|number|contact) of {0}(?|)/How (can|do) I reach {0}?
define_word,dictionary,get_definition|Look up a word in the dictionary.,Returns the definition of a word|word,term,text:string:word|(look up|define|find) the word {0}( in the dictionary|)|What does the word {0} mean?/(I need|Give me) the dictionary entry (of|for) {0}.
find_recipe,get_recipe,recipe|Find a recipe.,Returns a recipe for a dish|dish,food,meal:string:dish|(find|show me|give me|get|search) a recipe for {0}|How do I (cook|make) {0}?/I want to cook {0}. (Any recipe?|Find a recipe.)
get_server_status,server_status,ping_server|Check the status of a server.,Returns whether a server runs|server,host,name:string:word|check the server {0}/(ping|test) (the server |){0}/(show|get) the (status|state) of server {0}|Is (the |)server {0} (up|running|online|OK|down)?/How is server {0}?
restart_service,restart|Restart a service.,Restarts a program|service,name,program:string:word|(restart|reboot) (the service |service |){0}|(The service |){0} hangs. Restart it.
deploy,deploy_app,release_app|Deploy an app.,Deploys a version of an app|app,name,project:string:word;version,tag,release:string:id|(deploy|release|roll out|ship) {0} (in |)version {1}|Version {1} of {0} should go live.
track_parcel,track,parcel_status|Track a parcel.,Returns where a parcel is|code,number,id:string:id|(track|trace|follow|find) (the |my |)parcel {0}|Where is (the |my |)parcel {0}?/When does parcel {0} arrive?
create_ticket,open_ticket,report_bug|Create a ticket.,Opens a support ticket|title,subject,text:string:title;priority,level,severity:low,medium,high:|(create|open|file|make) a (ticket|bug report)(:|) {0}, priority {1}/(create|open) a {1} ticket(:|) {0}|Ticket with {1} priority: {0}
close_ticket,finish_ticket|Close a ticket.,Closes a support ticket|id,number,ticket:string:id|(close|finish|resolve|end) (the |)ticket {0}|Ticket {0} is (done|solved|finished). Close it.
add_user,create_user,invite_user|Add a user.,Creates an account for a person|name,user:string:person;role,type,kind:admin,editor,reader:|(add|create|invite) (the user |user |){0} as (an |a |){1}/(make|give) {0} (the role |){1}|New user: {0}, {1}
set_light,dim_light,brightness|Set the brightness of a light.,Dims the light in a room|room,place,where:string:room;level,percent,brightness:integer:percent|(set|dim) the (light|lamp) in the {0} to {1}( percent|)|(Light in the {0}|The {0} light) (to|at) {1} percent(, please|).
set_mode,heating_mode,climate|Set the mode of the heating.,Changes the mode|mode,state,value:eco,comfort,off:|(set|switch|change) the heating to {0}( mode|)|Heating mode: {0}/The heating should be {0}.
pay,send_money,transfer,transfer_money|Send money to a person.,Transfers an amount of money|to,recipient,name:string:person;amount,sum,value:integer:big;currency,unit:string:currency|(send|pay|transfer|wire) {1} {2} to {0}/(pay|give|send) {0} {1} {2}|{0} (gets|should get|needs) {1} {2} from me.
get_balance,account_balance,balance|Get the balance of an account.,Returns how much money is on an account|account,id,number:string:id|(show|get|check|tell me) the balance of (the |)account {0}|How much (money |)is (on|in) (the |my |)account {0}?
get_exchange_rate,exchange_rate,rate|Get the rate between two currencies.,Returns an exchange rate|from,base,source:string:currency;to,quote,target:string:currency|(show|get|check|tell me) the (exchange rate|rate) (from|of) {0} (to|in) {1}|(What is|How is) the (exchange rate|rate) from {0} to {1}?/Rate from {0} to {1}?
get_holidays,holidays|Get the holidays of a country.,Lists public holidays|country,land,where:string:country|(show|list|get|tell me) the (public |)holidays (of|in) {0}|(Which|What) (public |)holidays (are there in|has) {0}?
translate_file,translate_document|Translate a file.,Translates a document into a language|file,path,document:string:file;language,to,target:string:language|translate (the file |the document |){0} (into|to) {1}|(I need|We need) {0} in {1}.
get_tide,tides|Get the tide of a place.,Returns high and low water|place,city,harbour:string:city|(show|get|check) the tide (in|at|for) {0}|When is (high|low) water in {0}?/(High|Low) tide in {0}?
air_quality,get_air_quality|Get the quality of the air in a city.,Returns how clean the air is|city,place,location:string:city|(check|get|show me) the air (quality |)in {0}|How (clean|good|bad) is the air in {0}?/Is the air (clean|good|bad) in {0}?
get_sunrise,sunrise,sun_times|Get the time of sunrise.,Returns when the sun rises in a city|city,place,location:string:city|(tell me|get|check) (the sunrise|when the sun rises) in {0}|When does the sun (rise|come up) in {0}?/Sunrise in {0}?
find_train,get_trains,train_times|Find trains between cities.,Returns train times|from,start,origin:string:city;to,end,destination:string:city|(find|show me|search|get) (a train|trains|train times) from {0} to {1}|When (does|is) the (next |)train from {0} to {1}( leave|)?/(Is there|I need) a train from {0} to {1}(?|)
open_app,start_app,launch|Open an app.,Starts a program|app,name,program:string:word|(open|start|launch|run) (the app |the program |){0}|I (need|want to use) the app {0}.
take_photo,photo|Take a photo.,Takes a picture with a camera|camera,room,where:string:room|(take|make|shoot) a (photo|picture) (in|of) the {0}|(Photo of the {0}|Picture from the {0}), please/What does it look like in the {0}? Take a picture.
add_to_list,add_item,put_on_list|Add an item to a list.,Puts an item on a list|list,name,to:string:list;item,what,text:string:word|(add|put) {1} (to|on) (the |my ){0} list|(My|The) {0} list needs {1}.
rename_file,rename,move_file|Rename a file.,Gives a file a new name|old,from,path:string:file;new,to,name:string:file|(rename|move) (the file |){0} to {1}|{0} should be called {1}.
count_words,word_count|Count the words of a text.,Returns the number of words|text,content,input:string:title|count the words (in|of)(:|) {0}|How many words (has|are in)(:|) {0}
set_language,change_language|Set the language.,Changes the language of the app|language,lang,to:string:language|(set|change|switch) the language to {0}|(I want|Please use) {0} (as the language|as language)./Language: {0}
rate_film,rate_movie,add_rating|Rate a film.,Saves a rating|title,film,name:string:words;stars,rating,score:integer:small|(rate|give) (the film |){0} (with |){1} stars|{1} stars for (the film |){0}/The film {0} gets {1} stars.""".split("\n")
SPECS = [s.split("|", 3) for s in SPECS]
def split_top(s, mark):
    """Splits where the mark is in no parentheses."""
    out, depth = [""], 0
    for c in s:
        depth += (c == "(") - (c == ")")
        if c == mark and depth == 0: out.append("")
        else: out[-1] += c
    return out
def cut(s):
    names, descriptions, parameters, rest = s
    dos, qs = split_top(rest, "|")
    ps = []
    for p in parameters.split(";"):
        n, t, v = p.split(":")
        ps.append((n.split(","), t.split(",") if "," in t else t, v))
    return names.split(","), split_top(descriptions, ",") if "., " not in descriptions else descriptions.split(","), ps, split_top(dos, "/"), split_top(qs, "/")
SPECS = [cut(s) for s in SPECS]
def fill(t, values): return re.sub(r"\{(\d)\}", lambda m: str(values[int(m[1])]), t)
def request(r, dos, qs, values):
    """A request for a call in one of many wordings; the arguments stay as they are."""
    for _ in range(20):
        mark = lambda t: re.sub(r"\{(\d)\}", r"{p\1}", t)
        core, frame = say(r, mark(r.choice(dos))), say(r, r.choice(DO)).replace("I 'd", "I'd")
        if core[-1] == "}" and " " in str(values[-1]) and re.search(r"\{do\}.*[a-z]", frame): continue         # whose words would the last ones be?
        t = manner(r, frame.replace("{do}", core)) if r.random() < .6 else manner(r, say(r, mark(r.choice(qs))))
        q = re.sub(r"\{p(\d)\}", lambda m: str(values[int(m[1])]), t)
        if "{" not in q and apart(q): break
    return q
def new_specs(r, sty):
    ts = []
    for names, descriptions, ps, dos, qs in SPECS:
        chosen = [(r.choice(n), t, v) for n, t, v in ps]
        if len({n for n, _, _ in chosen}) < len(chosen): chosen = [(n[0], t, v) for n, t, v in ps]
        def mk(chosen=chosen, dos=dos, qs=qs):
            vs = [r.choice(t) if isinstance(t, list) else VALUES[v](r) for _, t, v in chosen]
            return request(r, dos, qs, vs), {style(r, n.split("_"), sty) if "_" in n else n: v for (n, _, _), v in zip(chosen, vs)}
        ts.append((names[0], style(r, r.choice(names).split("_"), sty), r.choice(descriptions).strip(), [(n, t, r.choice([f"The {n}", up1(n), f"{up1(n)} of the call"])) for n, t, _ in chosen], mk))
    return ts
WORDED = {   # the tools of the other parts: requests that begin with a verb, other requests
    "weather": (["(check|get|fetch|look up|find|show me|tell me|give me|report) the (weather|current weather|weather report|forecast|weather forecast) (in|for|of) {0}", "(tell me|say|find out|check) (how the weather is|what the weather is like|if it rains|whether it rains|if it is warm|how warm it is) in {0}"], ["(What|How) is the (weather|forecast)( like|) in {0}( today| now| right now| at the moment| this morning|)?", "(Is|Does|Will) it (rain|raining|sunny|snow|snowing|cold|hot|warm|wet|windy|cloudy|foggy|nice) in {0}( today| now|)?", "(I am in|I travel to|I fly to|We go to|I visit|I'm off to) {0}. (What is the weather?|How is the weather there?|Is it warm?|Weather?|What do I wear?)", "(Weather|Forecast|Temperature|Rain|Sun) (in|for|at) {0}(?|, please|!|)", "{0} weather", "(How|What) (many degrees|temperature) (is it|are there|do they have) in {0}?", "What is the temperature in {0}( now| today|)?", "(Do I need|Should I take) (a coat|a jacket|an umbrella|sunglasses|warm clothes|a hat) in {0}( today|)?"]),
    "time": (["(tell me|get|check|look up|find|show me|give me) the (time|local time|current time|clock time) (in|for|of) {0}", "(tell me|say|find out) (what time it is|how late it is) in {0}"], ["(What|Which) time (is it|do they have|is it now) (in|over in) {0}( now| right now|)?", "(Time|Local time|Clock|Current time) (in|for) {0}(?|, please|!|)", "How late is it in {0}( now| right now|)?", "(I call|I want to call) a friend in {0}. What time is it there?", "Is it (morning|night|evening|noon) in {0}( now|)?"]),
    "add": (["(add|sum|total|add up) {0} and {1}", "(compute|calculate|work out|get|find) {0} (+|plus) {1}", "(compute|calculate|get|find) the sum of {0} and {1}"], ["(What is|What's|How much is) {0} (+|plus) {1}?", "(What is|What's) the (sum|total) of {0} and {1}?", "{0} + {1}( = ?|)", "{0} and {1} together(?| are?)"]),
    "mul": (["multiply {0} (by|and|with) {1}", "(compute|calculate|work out|get|find) {0} (*|x|times) {1}", "(compute|calculate|get|find) the product of {0} and {1}"], ["(What is|What's|How much is) {0} (*|x|times) {1}?", "(What is|What's) the product of {0} and {1}?", "{0} * {1}( = ?|)"]),
    "conv": (["(convert|change|exchange|turn|swap) {0} {1} (to|into) {2}"], ["(How much|How many {2}|What) (is|are) {0} {1} in {2}?", "{0} {1} in {2}(?|, please|)", "(I have|I've got) {0} {1}. (How much is that|What is that) in {2}?", "What do I get in {2} for {0} {1}?"]),
    "timer": (["(set|start|make|run|begin) a timer (for|of|with) {0} minutes", "(wake|call|alert|notify|remind) me in {0} minutes", "count down {0} minutes"], ["(Timer|Countdown|Alarm)(:| for|) {0} minutes(, please|)", "(I need|I want) a timer (of|for) {0} minutes.", "(My eggs|The tea|The cake|The soup) (needs|need) {0} minutes. (Set a timer.|Start the timer.)", "{0} minutes on the timer, please."]),
    "msg": (["(send|write|text|give) {0} (the |a |)(message|text)(:| saying|) {1}", "(text|tell|write to|message) {0}: {1}", "send (a message|a text|the message|word) to {0}: {1}"], ["(Message|Text) (to|for) {0}: {1}", "{0} (should know|needs to know|should hear|should read): {1}", "(Let {0} know|Inform {0}): {1}"]),
    "search": (["(search|look|google) (the web |online |the internet |)for {0}", "(find|look up|get) (pages|something|information|results|websites) (about|on|for) {0}( on the web| online|)"], ["(Search|Web search|Google): {0}", "What does the (web|internet) say about {0}?", "(I want|I need) (to find |)(pages|results|web pages) about {0}."]),
    "lamp": (["(turn|switch|put) on the (light|lamp|lights) in the {0}", "(turn|switch) the {0} (light|lamp|lights) on", "light up the {0}"], ["(Light|Lights|Lamp) (on |)in the {0}(, please|!|)", "It is (too |very |so |)dark in the {0}(. Light, please.|. Turn on the light.|.)", "I (cannot see|see nothing) in the {0}.", "(I need|We need) light in the {0}."]),
    "trans": (["translate {0} (into|to) {1}", "(say|write|put|express) {0} in {1}"], ["(How|What) (do you say|do I say|is|would one say) {0} in {1}?", "{0} in {1}(?|, please|)", "What is the {1} (word |)for {0}?", "What does {0} mean in {1}?"]),
    "pop": (["(get|tell me|show me|look up|find) the (population|number of people) (of|in) {0}", "(tell me|find out) how many people live in {0}"], ["How many (people|inhabitants) (live in|does|has) {0}( have|)?", "(What is|How large is|How big is) the population (of|in) {0}?", "(Population|Inhabitants) (of|in) {0}(?|, please|)"]),
    "dice": (["(roll|throw|toss|cast) (a|the) (die|dice) with {0} (sides|faces)", "(roll|throw) a {0}-sided (die|dice)"], ["(I need|Give me|We need) a (die|dice|roll) with {0} sides.", "(A roll|One roll) of a die with {0} sides, please."]),
    "stock": (["(get|show me|check|look up|tell me) the (price|share price|stock price|quote) (of|for) {0}"], ["(What is|What's|How high is) the (price|share price|stock price|quote) of {0}( today| now|)?", "How (much|expensive) is (a share of |one |){0}( today|)?", "How does {0} (stand|trade|do)( today|)?", "{0} (price|stock|share|quote)(?|)"]),
    "play": (["(play|start|put on) (the song |the track |){0}", "let me hear {0}"], ["(I want|I would like|I'd love) to (hear|listen to) {0}.", "(Music|Song|Next song): {0}", "(Can we hear|Do you have) {0}?"]),
    "temp": (["(set|heat|warm|cool|bring) the {0} to {1} degrees", "(set|change) the temperature (in|of) the {0} to {1}( degrees|)", "make (it |)the {0} {1} degrees warm"], ["(I want|I'd like|We need) {1} degrees in the {0}.", "The {0} should (be|have) {1} degrees.", "{1} degrees in the {0}, please.", "{0}: {1} degrees"]),
}
SAME = {"lookup": ["look up", "search for", "check"], "get": ["get", "fetch", "bring me", "give me"], "find": ["find", "locate", "search for"], "check": ["check", "inspect", "verify"], "open": ["open", "bring up"], "delete": ["delete", "remove", "erase"], "show": ["show", "display", "show me"], "load": ["load", "fetch"],
        "create": ["create", "make", "add"], "update": ["update", "refresh"], "close": ["close", "finish"], "cancel": ["cancel", "call off", "stop"], "archive": ["archive", "put away"], "print": ["print", "print out"], "send": ["send", "send off"], "export": ["export"], "copy": ["copy", "duplicate"], "approve": ["approve", "accept", "confirm"], "reject": ["reject", "refuse", "decline"], "start": ["start", "begin", "run"], "restart": ["restart", "reboot"], "share": ["share"], "download": ["download", "fetch"], "renew": ["renew", "extend"], "pay": ["pay"], "track": ["track", "follow"]}
def noun_tools(r, sty, noun, n):
    """n tools about one kind of thing, which only the verb tells apart."""
    key = r.choice(["id", noun + "_id" if sty == 0 else noun + "Id", "number", "name", "id", "code", "key"]); integer = r.random() < .15; out = []
    for v in r.sample(list(SAME), n):
        asks = [x for x in SAME[v] if all(x not in SAME[o[0].split("~")[1]] for o in out)] or [v]
        def mk(v=v, asks=asks):
            x = r.randint(1, 99999) if integer else corpus.ident(r)
            w = r.choice([asks[0], asks[0], r.choice(asks)])
            qs = ["{n} {0}"] if n == 1 and v in ("get", "show", "find", "lookup", "check") else ["{w} {n} {0}"]
            if n == 1 and v in ("get", "show", "find", "lookup", "check", "track"): qs += ["(Where|What) is {n} {0}?", "(What about|How about) (the |){n} {0}?", "(I need|I want|I'm looking for|Do you have) (the |){n} {0}(.|?)", "(The |){n} {0}, please", "(What do you know|What can you say) about {n} {0}?", "(Any news|Something new) (about|on) {n} {0}?"]
            else: qs += ["(The |){n} {0}: {w} it(, please|).", "(I want|I need|I would like) the {n} {0}: {w} it."] if " me" not in w else []
            put = lambda t: t.replace("{w}", w).replace("{n}", noun)
            return request(r, [put("{w} (the |my |our |that |)({n} {0}|{n} {0}|{n} with (the |){k} {0}|{n} number {0})".replace("{k}", "number" if key == "number" else "id"))], [put(q) for q in qs], [x]), {key: x}
        out.append((f"~{v}~{noun}", style(r, [v, noun], sty), r.choice([f"{up1(SAME[v][0])} a {noun}.", f"{up1(SAME[v][0])} one {noun} by its {key}.", f"{up1(SAME[v][0])}s a {noun}" if " " not in SAME[v][0] else f"To {SAME[v][0]} a {noun}", f"{up1(SAME[v][0])} the {noun} with this {key}."]), [(key, "integer" if integer else "string", r.choice([f"The {noun}", f"{up1(noun)} {key}", f"The {key}"]))], mk))
    return out
def worded(r, t):
    """A request for the tool and its arguments."""
    q, args = t[4]()
    if t[0] in WORDED and r.random() < .8: return request(r, *WORDED[t[0]], list(args.values())), args
    return q, args
def toolbox(r, n):
    sty = r.choice([0, 0, 0, 1, 2])
    old = [t for t in corpus.tool_specs(r, sty) + lessons.more_specs(r, sty) if t[0] != "now"]; new = new_specs(r, sty)
    nouns = list(corpus.NOUNS) + lessons.MORE_NOUNS; r.shuffle(nouns)
    x = r.random()
    if x < .16 and n > 1: gens = noun_tools(r, sty, nouns[0], min(n, r.choice([2, 2, 3]))); box = gens[:]
    else:
        gens = [noun_tools(r, sty, m, 1)[0] for m in nouns[:3]]
        box = [r.choice(gens) if x < .34 else next(t for t in old if t[0] == "weather") if x < .42 else r.choice(old) if x < .66 else r.choice(new)]
    rest = old + new + [noun_tools(r, sty, m, 1)[0] for m in nouns[3:9]]; r.shuffle(rest)
    for t in rest:
        if len(box) >= n: break
        if all(t[0] != o[0] and t[1] != o[1] for o in box): box.append(t)
    return box
NONE = [(f_talk, 9), (f_capital, 5), (f_opp, 4), (f_col, 3), (f_text, 4), (f_thing, 4), (f_cal, 3), (f_spell, 2), (f_count, 1), (f_list, 2)]
def d_tool(r):
    box = toolbox(r, r.choice([1, 1, 2, 2, 3, 3, 4, 5]))
    turns = turn(clean(r, f_talk)) if r.random() < .1 else []
    if r.random() < .17: return finish(r, "tools: no call", turns + turn(simple(r, NONE)), box)
    t = box[0]; think = r.random() < .07
    for _ in range(0 if think else r.choice([0, 0, 0, 0, 1, 1, 2, 3])):         # more of it, for the price of one list of tools
        u = r.choice(box); q, args = worded(r, u); res, a = result_of(r, u[0], args)
        turns += turn(simple(r, NONE)) if r.random() < .15 else [["user", q, None], ["assistant", call_text(u[1], args), None], ["tool", res, None], ["assistant", a, None]]
    q, args = worded(r, t)
    turns += [["user", q, None], ["assistant", ("<think>\nI should call " + t[1] + ".\n</think>\n\n" if think else "") + call_text(t[1], args), None]]
    return finish(r, "tools: call", turns, box, think)
def finish(r, fam, turns, box, think=False):
    d = lessons.finish(r, fam, turns, box, think)
    if r.random() < .5: d["system"] = system_text(r)
    return d
def compact(r, o): return json.dumps(o, ensure_ascii=False, separators=r.choice([(", ", ": "), (",", ":")]))
def result_of(r, key, args):
    """What a tool gives back, and the sentence about it."""
    v = list(args.values())
    if key == "weather":
        w, m = r.choice("sunny cloudy rainy windy foggy snowy clear stormy".split()), r.randint(-9, 39)
        return r.choice([compact(r, {"temperature": m, "condition": w}), compact(r, {"city": v[0], "temperature": m, "condition": w}), compact(r, {"condition": w, "temperature": m}), f"{m} degrees and {w}", f"{w}, {m} degrees"]), f"It is {w} and {m} degrees in {v[0]}."
    if key == "time": h = f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"; return r.choice([h, compact(r, {"time": h})]), f"It is {h} in {v[0]}."
    k = r.randrange(5)
    if k == 0: s = r.choice(lessons.STATUS + ["true", "false", "not found", "ready", "unknown", "on", "off", "saved"]); return r.choice([s, compact(r, {"status": s}), compact(r, {"result": s})]), f"The result is {s}."
    if k < 3: n = r.choice([r.randint(0, 99), r.randint(0, 9999), r.randint(0, 99999)]); return r.choice([str(n), compact(r, {"result": n}), compact(r, {"value": n}), compact(r, {r.choice(["total", "count", "price", "amount", "number"]): n})]), f"The result is {n}."
    if k == 3: s = any_text(r).replace('"', "'").replace("\\", "/").rstrip("."); return r.choice([s, compact(r, {"result": s}), compact(r, {"text": s})]), f"The result is {s}."
    ks = r.sample("status name price city owner count date total state title level size user amount colour".split(), r.choice([2, 2, 3, 4]))
    o = {q: r.choice([lambda: any_word(r), lambda: r.randint(0, 99), lambda: r.randint(0, 999), lambda: code(r), lambda: person(r)])() for q in ks}
    return compact(r, o), "The result is " + ", ".join(f"{q} {v}" for q, v in o.items()) + "."
def d_result(r):
    d, box = None, toolbox(r, r.choice([1, 1, 2, 2, 3]))
    t = box[0]; turns = []
    for _ in range(r.choice([1, 1, 2, 2, 3, 4])):
        q, args = worded(r, t); res, a = result_of(r, t[0], args)
        turns += [["user", q, None], ["assistant", call_text(t[1], args), None], ["tool", res, None], ["assistant", a, None]]
        t = r.choice(box)
    if r.random() < .2: turns += turn(clean(r, r.choice([f_talk, f_talk, f_capital, f_opp])))
    return finish(r, "tools: answer", turns, box)
BOTH = ["{p} {q}", "{p} {q}", "{p} And {q1}", "{p} Then {q1}", "{p} Also, {q1}", "(First|Firstly), {p1} (Second|Secondly|Then), {q1}", "{p} (Besides|In addition|Next|Furthermore|And also|And then|Afterwards|At the same time), {q1}", "{p}\n{q}", "- {p}\n- {q}", "1. {p}\n2. {q}", "(a|A)⟩ {p} (b|B)⟩ {q}", "1⟩ {p} 2⟩ {q}", "(Two things|Do two things|Two tasks|Two questions): {p} {q}", "{p} (One more thing|Another thing|And one more): {q1}", "{p} (When that is done|Once you have that|Finally), {q1}", "(Both|Do both), please: {p} {q}"]
def d_parallel(r):
    sty = r.choice([0, 0, 0, 1, 2])
    pool = [t for t in corpus.tool_specs(r, sty) + lessons.more_specs(r, sty) if t[0] != "now"]; new = new_specs(r, sty)
    nouns = list(corpus.NOUNS) + lessons.MORE_NOUNS; r.shuffle(nouns)
    gens = [noun_tools(r, sty, m, 1)[0] for m in nouns[:4]]
    x = r.random()
    if x < .45:                                         # one tool, several arguments
        single = [t for t in pool + new if len(t[3]) == 1 and t[3][0][1] == "string" and (t[0] in WORDED or any(t[0] == s[0][0] for s in SPECS))]
        kind = r.choice(["weather", "weather", "time", "pop", "stock"])
        t = next(t for t in pool if t[0] == kind) if r.random() < .45 else r.choice(single) if r.random() < .6 else gens[0]
        vs, n = [], r.choice([2, 2, 2, 3])
        while len(vs) < n:
            v = str(list(t[4]()[1].values())[0])
            if v not in vs: vs.append(v)
        key = list(t[4]()[1])[0]
        whole = lessons.join(vs) if r.random() < .85 else r.choice([" and ".join(vs), ", ".join(vs), " & ".join(vs), " and for ".join(vs) if t[0] in ("weather", "time") else " plus ".join(vs)])
        if t[0] in WORDED: q = request(r, *WORDED[t[0]], [whole])
        elif t[0].startswith("~"):
            v, noun = t[0][1:].split("~")
            q = request(r, [f"{SAME[v][0]} (the |my |)({noun}s|{noun}) {{0}}"], [f"{SAME[v][0]} {noun}s {{0}}", f"({up1(noun)}s|The {noun}s) {{0}}: {SAME[v][0]} them(, please|)."], [whole])
        else: s = next(s for s in SPECS if s[0][0] == t[0]); q = request(r, s[3], s[4], [whole])
        if t[3][0][1] != "string": return d_parallel(r)
        calls, box = [(t, {key: v}) for v in vs], [t]
    elif x < .6:                                        # several tools about one argument
        places = [t for t in pool + new if len(t[3]) == 1 and t[0] in ("weather", "time", "get_sunrise", "air_quality", "get_tide")]
        two = r.sample(places, 2) if r.random() < .5 else [t for t in places if t[0] in ("weather", "time")]
        nice = {"weather": ["weather"], "time": ["time", "local time"], "get_sunrise": ["sunrise"], "air_quality": ["air quality"], "get_tide": ["tide"]}
        r.shuffle(two); a, b = (r.choice(nice[t[0]]) for t in two); c = r.choice(CITIES)
        q = ask(r, r.choice(["(the |)" + a + " and (the |)" + b + " (in|for|of) {c}", "both " + a + " and " + b + " (in|for) {c}"]), c=c, keep=1) if r.random() < .6 else manner(r, say(r, r.choice(["(Check|Get|Fetch|Look up|Show me) (the |)" + a + " in {c} and (also |)the " + b + "( there|).", up1(a) + " in {c}(?| and) " + b + " (in {c}|there)(?|)", "(I am in|I go to) {c}. (I need|Tell me|Give me) " + a + " and " + b + ".", "{c}: " + a + " and " + b])), c=c, keep=1)
        calls = [(t, {list(t[4]()[1])[0]: c}) for t in two]; box = two
    else:                                               # several requests
        n = r.choice([2, 2, 2, 3])
        while True:
            two = r.sample(pool + new[:25] + gens * 3, n) if r.random() < .8 else [t] * n if (t := r.choice(pool + new + gens)) else None
            if len({t[0] for t in two}) == 1 or len({t[1] for t in two}) == n == len({t[0] for t in two}): break
        got = [worded(r, t) for t in two]
        end = lambda s: s if s[-1] in ".?!" else s + "."
        qs = [end(q) for q, _ in got]
        g = r.choice(BOTH)
        g = say(r, g)
        q = g.replace("{p1}", lower1(qs[0])).replace("{q1}", lower1(qs[1])).replace("{p}", qs[0]).replace("{q}", qs[1])
        if n == 3: q += " " + r.choice(["", "And ", "Then ", "Also, ", "Finally, "]) + qs[2]
        calls = [(t, a) for t, (_, a) in zip(two, got)]; box = list({t[0]: t for t in two}.values())
        if len({json.dumps([t[1], a]) for t, a in calls}) < n: return d_parallel(r)
    if not apart(q): return d_parallel(r)
    extra = [t for t in pool + new + gens if all(t[0] != o[0] and t[1] != o[1] for o in box)]; r.shuffle(extra)
    box = box + extra[:r.choice([0, 0, 1, 1, 2])]
    think = r.random() < .06
    turns = [["user", q, None], ["assistant", ("<think>\nI should call " + " and ".join(dict.fromkeys(t[1] for t, _ in calls)) + ".\n</think>\n\n" if think else "") + "\n".join(call_text(t[1], a) for t, a in calls), None]]
    if {t[0] for t, _ in calls} <= {"weather", "time", "add", "mul", "pop"} and r.random() < .35 and not think:
        said = []
        for t, a in calls:
            if t[0] in ("weather", "time"): res, s = result_of(r, t[0], a)
            else: n = r.randint(0, 99999); res, s = r.choice([str(n), compact(r, {"result": n})]), f"The result is {n}."
            turns.append(["tool", res, None]); said.append(s)
        turns.append(["assistant", " ".join(said), None])
    return finish(r, "tools: parallel", turns, box, think)

# ----------------------------------------------------------------------------------------------------------------- JSON
JS = ["(Answer|Reply|Respond|Return|Write|Give the answer|Format your answer|Output|Print it|Send the answer) (as|in) (a |)JSON( object|) with (the |)keys {k}.", "(Use|Make|Produce|Send|Build|Create) (a |)JSON( object|) (with|that has) (the |)keys {k}.", "(JSON|JSON only|Only JSON|JSON format)(:| with) (the |)(keys|fields) {k}.", "(The|Your) answer (is|must be|should be) (a |)JSON( object|) with (the |)keys {k}.", "(I need|I want|We need|I would like) (the answer in |the answer as |)JSON with (the |)keys {k}.", "(Put|Write|Pack) (it|the answer|the result) (in|into) (a |)JSON( object|) with (the |)keys {k}.", "(Fields|Keys) (of the JSON|in JSON|for the JSON): {k}."]
def d_json(r):
    k = r.randrange(8); C, K, N = r.choice(CAPITALS)
    if k < 2: val = {"country": C, "capital": K, "city": K, "population": int(N)}; it = None; q = ask(r, r.choice(CAP_NP), c=C, keep=1); names = ["country", "capital", "city", "population"]
    elif k == 2: a, b = r.choice(corpus.ADD_A); val = {"a": a, "b": b, "sum": a + b, "result": a + b, "answer": a + b}; q = ask(r, r.choice(SUM_NP["+"]), a=a, b=b); names = list(val)
    elif k == 3: t, c = r.choice(COLOURS); val = {"thing": t, "colour": c, "color": c}; q = ask(r, r.choice(COL_NP), x=t, keep=1); names = ["thing", r.choice(["colour", "color"])]
    elif k == 4: w = r.choice(OPPS); val = {"word": w, "opposite": OPP[w]}; q = ask(r, r.choice(OPP_NP), w=w, keep=1); names = list(val)
    else:
        n, a, c = person(r), r.randint(1, 99), r.choice(CITIES); val = {"name": n, "age": a, "city": c}; names = list(val)
        q = say(r, r.choice(["{n} (is|turned) {a}( years old|) and (lives in|comes from|works in|is from|moved to) {c}.", "{n}, {a}( years|), (lives in|from|of) {c}.", "(Meet|This is|Here is) {n}( from|, who lives in) {c}, {a}( years old|).", "Name: {n}(, age|; age|. Age): {a}(, city|; city|. City): {c}", "(My sister|My brother|Our guest|The user|My friend|My boss) {n} is {a} and (lives in|comes from) {c}.", "{a} years old, {n}, {c}", "In {c} lives {n}, (who is |aged |){a}( years old|)."]), n=n, a=a, c=c)
    ks = r.sample(names, r.randint(1, min(3, len(names))))
    if len({str(val[x]) for x in ks}) < len(ks): ks = ks[:1]
    t = up1(say(r, r.choice(JS)))
    if len(ks) == 1: t = t.replace("keys", "key").replace("Keys", "Key").replace("fields", "field").replace("Fields", "Field")
    i = t.replace("{k}", ks[0] if len(ks) == 1 else r.choice([", ".join(ks[:-1]) + " and " + ks[-1], ", ".join(ks)]))
    if not apart(q): return d_json(r)
    s, y = system_text(r), r.random()
    if y < .35: s = (s + " " if s else "") + i; u = q
    else: u = q + (" " if q[-1] in ".?!" else ". ") + i if r.random() < .7 else i + " " + q
    return doc("json", [["user", u, None], ["assistant", json.dumps({x: val[x] for x in ks}, ensure_ascii=False, separators=(",", ":")), None]], s)

FAMILIES = {
    "small talk": (lambda r: d_simple(r, f_talk), 17), "capitals": (lambda r: d_simple(r, f_capital), 6), "arithmetic": (lambda r: d_simple(r, f_math), 9), "opposites": (lambda r: d_simple(r, f_opp), 9),
    "colours": (lambda r: d_simple(r, f_col), 3), "calendar": (lambda r: d_simple(r, f_cal), 7), "counting": (lambda r: d_simple(r, f_count), 4), "lists": (lambda r: d_simple(r, f_list), 4),
    "echo text": (lambda r: d_simple(r, f_text), 13), "spelling": (lambda r: d_simple(r, f_spell), 15), "things": (lambda r: d_simple(r, f_thing), 8), "unknown": (lambda r: d_simple(r, f_unknown), 7),
    "long": (lambda r: d_simple(r, f_long), 1.6), "follow up": (d_follow, 4), "system instruction": (d_system, 16), "memory": (d_memory, 8), "tools: call": (d_tool, 14), "tools: parallel": (d_parallel, 9),
    "tools: answer": (d_result, 4), "json": (d_json, 7), "think": (d_think, 9), "long chat": (d_chat, 1.5), "long memory": (d_far, 1.5),
}

# --------------------------------------------------------------------------------------- nothing of the evaluation in training
def held_templates():
    """Every wording that is held out: templates of the other parts, and the frames of the questions in the files of the evaluation."""
    c, l = corpus, lessons
    last = lambda T, n=2: [t[0] if isinstance(t, tuple) else t for t in T[-n:]]
    out = last(c.CAP_T) + last(c.CAPR_T, 1) + last(c.ADD_T) + last(c.SUB_T) + last(c.MUL_T) + last(c.OPP_T) + last(c.COL_T) + last(c.DAY_T) + last(c.MON_T) + last(c.MORD_T, 1) + last(c.DORD_T, 1) + last(c.CNT_T) + last(c.LST_T) + last(c.ECHO_T, 3) + last(c.SPELL_T) + last(c.THING_T) + last(c.NAME_T) + last(c.LONG_T) + last(c.UNK_T) + c.UNKNOWN[-8:]
    out += last(l.CAP_T) + last(l.CAPR_T, 1) + last(l.ADD_T) + last(l.SUB_T) + last(l.MUL_T) + last(l.OPP_T) + last(l.COL_T) + [l.NEXT_T[14][0], l.NEXT_T[27][0]] + last(l.UP_T, 1) + last(l.ONE_T, 1) + last(l.DOWN_T, 1) + last(l.LST_T) + last(l.THING_T) + last(l.LONG_T) + l.UNKNOWN[-3:] + last(l.ECHO_T) + last(l.SPELL_T) + l.WEATHER[-1:] + l.TIME[-1:] + l.SUMS[-1:] + [T[-1] for T in l.PAIR.values()] + l.JS_T[-1:] + l.ASK[-1:]
    for rules in (l.RULES, l.OLD_RULES): out += [T[-1] for T in rules.values()] if rules is l.RULES else [T[-1] for T in (c.UPS, c.LOWS, c.ONES, c.NUMS, c.ENDS, c.STARTS)]
    for qs, _ in SMALL: out += qs[-max(1, len(qs) // 8):]
    for qs in l.TALK.values(): out += qs[-max(1, len(qs) // 12):]
    return out
def patterns():
    """One expression that finds a held-out wording of three words or more anywhere in a question, and the shorter ones."""
    found = {frame(re.sub(r"\{\w+\}", " 0 ", t)) for t in held_templates()} | lessons.probe_frames()
    found = {" ".join(t.split()) for t in found}
    long = sorted(t for t in found if len([w for w in t.split() if w.strip("@:-+*x=")]) >= 3)
    return re.compile(r"\b(?:" + "|".join(re.escape(t) for t in long).replace("@", r"(?:\S+(?: \S+)?)") + r")(?= |$)"), {t for t in found if "@" not in t}
HELD = None
def apart(q):
    """Whether a question contains no wording that is held out."""
    global HELD
    if HELD is None: HELD = patterns()
    f = " ".join(frame(q).split())
    return f not in HELD[1] and not HELD[0].search(f)

FOCUS_SHARE, OLD_SHARE, MIDDLE_SHARE = .45, .24, .36
# More of what is learnt slowly: the part of the corpus (None: this one), families in it, weight.
CALLS = ("tools: call", "tools: call", "tools: parallel", "tools: answer")
FOCUS = [(corpus, ("tools",), 12), (lessons, CALLS, 16), (None, CALLS, 12), (corpus, ("small talk",), 12), (corpus, ("system instruction",), 6), (lessons, ("small talk",), 16), (None, ("small talk",), 26)]
def draw(r):
    """The part of a training conversation, and its family there when that matters."""
    if r.random() < FOCUS_SHARE:
        part, kinds, _ = r.choices(FOCUS, [w for *_, w in FOCUS])[0]
        return part, r.choice(kinds)
    x = r.random()
    return (corpus if x < OLD_SHARE else lessons if x < OLD_SHARE + MIDDLE_SHARE else None), None
def make(r, fam=None):
    """A training conversation of one of the three parts; of a family of this one when it is given."""
    if lessons.KEYS is None: lessons.KEYS, lessons.FRAMES = lessons.evaluation_keys(), lessons.probe_frames()
    while True:
        part, kind = draw(r) if fam is None else (None, fam)
        if part: d = part.make(r, fam=kind)
        else:
            d = FAMILIES[kind or r.choices(list(FAMILIES), [w for _, w in FAMILIES.values()])[0]][0](r)
            if d["family"] not in ("tools: call", "tools: parallel", "tools: answer", "json") and not all(apart(s) for s in re.split(r"(?<=[.!?]) ", d["system"]) if s): continue
        if not lessons.asks(d, lessons.KEYS, lessons.FRAMES): return d

if __name__ == "__main__":
    import random
    r = random.Random(1)
    for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 10):
        d = make(r, sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] != "all" else None)
        print("=====", d["family"]); print("".join(t if not l else "[[" + t + "]]" for t, l in corpus.segments(d)))
