"""The second half of the corpus: other wordings of what corpus.py asks, and skills that it lacks. Standard library only.

  python3 lessons.py eval eval2.jsonl       writes the held-out set of these families
  python3 lessons.py show [family] [n]      prints a few training conversations

Same rules as in corpus.py: the last templates of a list and one in 14 (template, argument) pairs are for evaluation alone.
`make` draws from both halves and drops every conversation that asks something one of the evaluation files asks.
"""
import json, os, random, re, sys
import corpus
from corpus import It, doc, pick, vary, code, pseudo, name, payload, base_sys, schema, call_text, held, style
from corpus import CAPITALS, CITIES, COLOURS, DAYS, EMOJI, FALLBACK, LISTS, LIST_ALIAS, MONTHS, NAMES_FOR, OPP, ORD, SMALL, THINGS, WORDS, WHO

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = ["eval.jsonl", "eval2.jsonl", "probe.jsonl", "probe2.jsonl"]
with open(os.path.join(HERE, "words.txt"), encoding="utf-8") as lines: MORE_WORDS = lines.read().split()
with open(os.path.join(HERE, "tokenizer.json"), encoding="utf-8") as f: PIECES = [t for t in json.load(f)["tokens"][263:] if re.fullmatch("[Ġ]?[a-z]+", t)]
NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
PEOPLE = """Oliver Charlotte Henry Amelia Lucas Sophie Arthur Isabel Theo Clara Victor Helena Simon Judith Martin Agnes Oscar Sylvia Hugo Miriam
Daniel Rebecca Edward Laura Patrick Nadia Stefan Monika Pierre Yvonne Carlos Lucia Ahmed Fatima Kenji Yuki Ravi Priya Olga Ivan Dmitri Wendy Harold
Dorothy Walter Ruth Ralph Ursula Bruno Marta Nicolas Elise Philip Joanna Kevin Linda George Susan Robert Barbara Steven Karen""".split()
def person(r): return r.choice(PEOPLE) if r.random() < .6 else name(r)
def word(r):
    x = r.random()
    return r.choice(MORE_WORDS) if x < .6 else r.choice(WORDS) if x < .85 else "".join(r.choice(PIECES).lstrip("Ġ") for _ in range(r.randint(2, 3))) if x < .95 else pseudo(r)

# ----------------------------------------------------------------------------------------------- small talk, in more words
TALK = {   # by the answer of corpus.py; the last of each line are for evaluation
    "Hello! How can I help you?": "Hello, model;Hi model;Hello again;Hi again;Hey, hello;Good morning to you;Good morning, model;Hello, how nice to see you;Nice to meet you;Nice to see you;Pleased to meet you;Hi, I am new here;Hello everyone;Hallo;Welcome;A very good morning;Hey buddy;Hello friend;Hi friend;Morning;Evening;Well hello;Oh, hi;Hello hello;Hi, it is me;It is me again;I am back;Let us start;Let us talk;Can we talk?;I want to chat;Hello, can we chat?;Hi, I have a question;I have a question;May I ask you something?;Can I ask something?;I need help;I need some help;Can you help me?;Please help me;Could you help me with something?;Hey, are you free?;Good to see you;Hi there, I need help;Hello and welcome",
    WHO: "Who is speaking?;Who is talking to me?;What am I talking to?;Who is on the other end?;Which assistant are you?;Which AI is this?;What AI are you?;What sort of model are you?;Tell me what you are.;Tell me which model you are.;Explain who you are.;Explain what you are.;Who exactly are you?;What exactly are you?;Hi, what are you?;Hey, who am I talking to?;And who are you?;And you are?;Who might you be?;Are you GPT?;Are you Llama?;Are you Claude?;Are you a big model from the cloud?;Say something about yourself.;A few words about you, please.;Present yourself.;Identify yourself.;State who you are.;What should I know about you?;Who answers me here?;What program is this?;What software are you?;What kind of assistant are you?;Which model answers here?;Which model do I use?;Give me a short introduction of yourself.;Please describe yourself",
    "My name is Orchard Starter.": "Do you have a name of your own?;What are you called?;How should I call you?;What is the name of this model?;Name yourself.;Give me your name.;Could you tell me your name?;Please tell me your name.;And your name?;And what is your name?;Under which name do you run?;By what name do you go?;Hi, what is your name?;Hello, what's your name?;What name did they give you?;I forgot your name.;I want to know your name.;Can I know your name?;Would you tell me your name?;Which name do you have?;Is there a name for you?;Does this model have a name?;Tell me the name you go by",
    "I am fine, thank you. How can I help you?": "How are you feeling?;How are you feeling today?;Are you fine?;Are you doing well?;Are you all right?;Is everything OK?;Is everything fine?;Everything good?;Everything all right with you?;How goes it?;How is your day?;How was your day?;How is your day going?;How do you feel today?;How are you, my friend?;Hello, how are you?;Hi, how are you doing?;Hey, how is it going?;And how are you?;You OK?;All good?;All well?;How is everything?;How is everything going?;How have things been?;What is up?;Sup?;Feeling good?;Are you having a good day?;Did you sleep well?;I am fine, and you?;I am well. How are you?;Tell me how you are.;How is the mood?",
    "I can answer simple questions, do small sums, repeat text and call tools.": "What are you for?;What can I do with you?;What can you do for me?;What do you do?;What are your abilities?;What are your features?;What tasks can you do?;What tasks can you handle?;Which things can you do?;Which tasks do you know?;Show me what you can do.;Tell me what you can do.;Explain what you can do.;What is your purpose?;What is your job?;What were you made for?;What is this model good for?;What can this model do?;How do I use you?;What should I ask you?;What questions can I ask?;What kind of questions can you answer?;Which questions can you answer?;Give me an idea of what you can do.;Do you have any skills?;Tell me your skills.;Name your skills.;In what way can you help?;help me;Help!;help please;What else can you do?;Can you do anything?",
    "You are welcome!": "Thanks!;Thanks so much;Thanks again;Thank you again;Thank you, that is all I need;Thank you for the answer;Thanks for the answer;Thanks for the info;Thank you for your time;Thank you kindly;Thanks, that was good;That was helpful;That was very helpful, thank you;Very helpful, thanks;Very kind of you;You are very kind;You are great, thanks;Good job, thanks;Well done, thank you;Wonderful, thanks;Excellent, thank you;Super, thanks;Good, thanks;OK, thanks;Okay, thank you;Ok thank you;Alright, thanks;Ah, thanks;Oh, thank you;thx;ty;Much obliged;I thank you;I am grateful;I am very grateful;Great work, thanks;Nice answer, thank you;Lovely, thanks;You helped me a lot;Thanks a million",
    "Goodbye! Have a nice day.": "Bye!;Bye for now;Bye then;OK bye;Okay, goodbye;Ok, bye bye;Thanks and goodbye;Thank you, bye;Thanks, see you;See you soon;See you tomorrow;See you next time;See you around;Until next time;Until tomorrow;I must go;I need to go now;I have to leave;I must leave now;I am leaving;I am going now;I am going home;I will go to bed now;Time to go;Time for bed, good night;Good night, model;Sleep well;Have a nice day;Have a good evening;Have a good one;So long;Adieu;Ciao;That is all for today;That is it for now, bye;We are done, goodbye;I am done for today;Let us stop here;Later;Catch you later",
    "No, I am a very small language model.": "Are you a human being?;Are you a man or a machine?;Are you a man?;Are you a woman?;Are you a living being?;Are you a bot?;Are you some kind of robot?;Are you a computer?;Are you a program?;Are you conscious?;Do you have feelings?;Do you have a body?;Do you have a heart?;Do you think like a human?;Am I talking to a person?;Am I talking to a real person?;Am I talking to a machine?;Am I chatting with a human?;Is this a real person?;Is this a human?;Is there a human on the other side?;Is there somebody real?;Is a person writing this?;Do I speak with a person?;You are human, right?;You sound like a human. Are you one?;Tell me, are you a person?;Are you a ghost?;Are you a large language model?;Is it a person who answers me?",
    "I have about 2.7 million parameters.": "How large is this model?;How big is this model?;How small is this model?;What is the size of this model?;What size are you?;What size do you have?;Which size do you have?;How many parameters are there?;How many parameters does this model have?;How many weights are there in you?;What is your parameter count?;Tell me your parameter count.;Tell me how big you are.;Tell me how many parameters you have.;Are you a small model?;Are you small?;Are you tiny?;Are you huge?;Are you a big model?;Number of parameters?;Your size, please.;Give me your size.;Say how large you are.;Do you have many parameters?;How many numbers are in your weights?",
    "I was trained from scratch for Orchard.": "Who is your creator?;Who is your author?;Who wrote you?;Who designed you?;Who developed you?;Who is behind you?;Who taught you?;Who programmed you?;Which company made you?;Where were you made?;Where were you born?;What is your origin?;How did you come to be?;How were you trained?;How were you built?;How were you created?;Tell me who made you.;Tell me who trained you.;Tell me where you come from.;Do you have a maker?;Do you have parents?;For whom were you made?;What were you trained for?;Were you trained from scratch?;Are you made by OpenAI?;Did Google make you?;Who do you belong to?;Who should I thank for you?",
    "Orchard is a library that runs language models on your own machine.": "What is the Orchard library?;What is Orchard good for?;What does the Orchard library do?;What can Orchard do?;Tell me what Orchard is.;Tell me something about Orchard.;Describe Orchard.;Define Orchard.;Please explain Orchard to me.;Explain what Orchard does.;Who or what is Orchard?;Orchard?;What is this Orchard?;Why Orchard?;Do you know what Orchard is?;Can you tell me about Orchard?;I want to know what Orchard is.;What do I use Orchard for?;What is Orchard for .NET?;Say something about Orchard.;In one sentence, what is Orchard?;What kind of library is Orchard?;Is Orchard a library?",
    "Why did the apple stop? It ran out of juice.": "Tell a joke.;Tell me something funny.;Tell me a funny joke.;Tell us a joke.;Tell me another joke.;Do you know any jokes?;Do you know something funny?;Do you have a joke for me?;Have you got a joke?;Got a joke?;Can you make me laugh?;Can you be funny?;Can you tell me a joke?;Please tell me a joke.;Joke!;Joke please;Any jokes?;A funny story, please.;Be funny.;Cheer me up with a joke.;Cheer me up.;I need a joke.;I need a laugh.;I would like to hear a joke.;Entertain me.;Let me hear a joke.;What is your best joke?;What is a good joke?;Your best joke, please.;Surprise me with a joke.",
    "I run on your own machine and need no network.": "Do you need a connection?;Do you need wifi?;Do you need to be online?;Do you use the internet?;Do you use the network?;Do you have internet access?;Do you connect to the internet?;Are you connected to the internet?;Are you in the cloud?;Are you on a server?;Are you local?;Are you running locally?;Are you offline?;Can you work without internet?;Can you go online?;Can I use you offline?;Can I use you on a plane?;Do you run in the cloud?;Do you run on a server?;Do you run on my computer?;Do you run on my machine?;Where are you running?;Where are you?;Where do you live?;Where is this model running?;Is my text sent to a server?;Is my text private?;Is this private?;Is it safe to tell you secrets?;Are my questions sent anywhere?;Do you share my data?;Do you store my data in the cloud?;Do you keep my data private?;Who can see my data?;Where does my data go?;Will you work without a connection?;Is a network required?;Is internet needed?",
    "I only know a little English.": "What language do you speak?;What languages do you speak?;Which languages do you know?;Which languages do you understand?;In which language can I write?;In what languages can we talk?;Do you know English?;Do you know French?;Do you know German?;Do you understand English?;Do you understand French?;Do you understand Italian?;Do you speak French?;Do you speak Chinese?;Do you speak Italian?;Do you speak Japanese?;Can you speak German?;Can you speak English?;Can you speak Russian?;Can you write in French?;Can you answer in German?;How many languages do you speak?;How many languages do you know?;Is English your only language?;Is your English good?;How good is your English?;Tell me which languages you speak.;Are you fluent in Spanish?;Do you only speak English?;Sprechen Sie Deutsch?;Parlez-vous français?",
    "Yes, I am here.": "Are you still there?;Are you here?;Are you still here?;Are you with me?;Are you awake?;Are you listening?;Are you ready?;Are you up?;Are you running?;Are you on?;Anyone there?;Anybody there?;Is somebody there?;Is anybody listening?;Is someone here?;Hello? Anyone?;Hello, is somebody there?;Do you hear me?;Do you read me?;Do you see this?;Do you see my message?;Can you see this?;Can you see my message?;Did you get that?;Did you get my message?;Does this work?;Does it work?;Is it working?;Is this thing on?;Is this on?;Is the model running?;Is the model working?;Testing;Testing, one two;Testing 1 2 3;Just testing;A test;test message;This is only a test.;I am testing this;Check;Still there?;You there?;Respond please;Say something",
    "pong": "Ping.;ping.;Ping!;ping please;Ping ping;a ping;PING!;Send me a pong;Here is a ping;pings",
    "No problem.": "Sorry!;I'm sorry;So sorry;I am so sorry;I am very sorry;My bad;My fault;That was my fault;That was my mistake;I made a mistake;I was wrong;Oh, sorry;Oh no, sorry;Pardon;Pardon me;Apologies;My apologies;I apologise;I apologize;Please forgive me;Forgive me;Ups, wrong window;Wrong chat, sorry;Sorry for the noise;Sorry for that;I did not mean that;Excuse me please;Sorry for the trouble",
    "I am glad to hear that.": "I am very happy;I am so happy today;I feel good;I feel very good today;I feel fantastic;I feel wonderful;I am doing great;I am doing well;I am fine;I am cheerful;My day was good;My day was great;My day was wonderful;I had a great day;I had a nice day;It was a great day;Today was great;Life is good;Life is great;Everything is fine;Everything went well;I passed my exam;I got the job;I won the game;Good news: it works;It works!;I have good news;I am in love;What a great day",
    "I am sorry to hear that.": "I am very sad;I am so sad today;I am unhappy;I feel sad;I feel very bad today;I feel terrible;I feel awful;I feel lonely;I am lonely;I am sick;I am ill;I am angry;I am worried;I am afraid;I am very tired;I am exhausted;My day was bad;My day was terrible;I had a terrible day;I had a hard day;It was a bad day;Today was awful;Life is hard;Everything went wrong;I failed my exam;I lost my job;I lost the game;I have bad news;My cat is ill;I have a headache;Nothing works today",
}
assert set(TALK) == {a for _, a in SMALL}
TALK = {a: q.split(";") for a, q in TALK.items()}
OLD_TALK = {a: qs[:-max(1, len(qs) // 8)] for qs, a in SMALL}
def f_talk(r, ev):
    a = r.choice(list(TALK)) if r.random() > .2 else WHO
    new = TALK[a]; n = max(1, len(new) // 12)
    q = r.choice(new[-n:]) if ev else r.choice(new[:-n] + OLD_TALK[a])
    if r.random() < .2: q = q.lower()
    x = r.random()
    if x < .15 and q[-1] in "?.!": q = q[:-1]
    elif x < .25 and q[-1] not in "?.!": q += r.choice("!.")
    elif x < .32 and not ev: q = r.choice(["Hello! ", "Hi, ", "Hey, ", "OK. ", "So, ", "Hm. ", "One question: "]) + q
    return It("small talk", q, a, thought="The user makes small talk. I answer in a friendly way.", check={"type": "equals", "value": a})

# -------------------------------------------------------------------------------------------------- facts, in more words
CAP_T = ["Which city is {c}'s capital city?", "{c}'s capital?", "{c}'s capital city is?", "capital city of {c}", "What is the name of the capital of {c}?", "How is the capital of {c} called?", "I want to know the capital of {c}.", "Tell me, what is the capital of {c}?", "Can you name {c}'s capital?",
         "Do you know {c}'s capital?", "Capital city of {c}, please.", "What about the capital of {c}?", "And the capital of {c}?", "And {c}?", "Next country: {c}. Capital?", "Country: {c}. What is the capital?", "Where is the government of {c}?", "I am in {c}. What is the capital here?", "Is the capital of {c} {k}?",
         "{k} or {o}: which is the capital of {c}?", "Is the capital of {c} {o} or {k}?", "Give me the name of {c}'s capital.", "Give me {c}'s capital.", "Remind me of the capital of {c}.", "For a quiz: the capital of {c}?", "The capital city of {c} is called?", "{c} - what is the capital?", "My question is about {c}. What is the capital?", "Which capital belongs to {c}?", "What would be the capital of {c}?"]
CAPR_T = ["{k} is the capital of?", "What is {k} the capital of?", "{k} is which country's capital?", "In which country is {k} the capital?", "Which country's capital is {k}?", "{k} is a capital. Of which country?", "Tell me the country with the capital {k}.", "The capital is {k}. What is the country?", "In what country do I find the capital {k}?"]
def f_capital(r, ev):
    if r.random() < .25:
        t, (c, k, _) = pick(r, ev, "2capr", CAPR_T, CAPITALS, 1)
        return It("capitals", vary(r, t.format(k=k)), f"{k} is the capital of {c}.", c, thought=f"The user asks which country has the capital {k}. That is {c}.")
    t, (c, k, _) = pick(r, ev, "2cap", CAP_T, CAPITALS)
    o = r.choice(CITIES)
    while o == k: o = r.choice(CITIES)
    return It("capitals", vary(r, t.format(c=c, k=k, o=o)), f"The capital of {c} is {k}.", k, thought=f"The user asks for the capital of {c}. That is {k}.")

ITEMS = "apples pears books pens cards balls cookies eggs flowers stones keys cups stamps shells tickets boxes".split()
ADD_T = ["{a} and {b} is how much?", "{a} and {b} together?", "What do {a} and {b} make?", "How much do I get for {a} + {b}?", "{a} plus {b} is?", "{a} plus {b} equals?", "Sum of {a} and {b}?", "Sum up {a} and {b}.", "Solve {a} + {b}.", "The sum of {a} and {b}, please.", "Can you add {a} and {b}?", "Can you add {b} to {a}?", "Add {b} to {a}.",
         "I have {a} {i} and get {b} more. How many {i} do I have?", "There are {a} {i} on the table and {b} in the bag. How many {i} are there?", "{n} has {a} {i} and buys {b} more. How many {i} does {n} have?", "I see {a} {i}. Then {b} more come. How many is that?", "What does {a} + {b} give?", "Total of {a} and {b}?", "Put {a} and {b} together. What is the sum?", "{a} more than {b} is?", "Find {a} + {b}."]
SUB_T = ["{a} minus {b}", "{a} minus {b} is?", "{a} minus {b} equals?", "What is {b} less than {a}?", "What remains of {a} minus {b}?", "Solve {a} - {b}.", "Can you subtract {b} from {a}?", "Can you take {b} away from {a}?", "What do I get for {a} - {b}?", "What does {a} - {b} give?", "Difference of {a} and {b}?", "The difference of {a} and {b}, please.", "{a} without {b} is?",
         "I have {a} {i} and give away {b}. How many {i} do I have?", "{n} has {a} {i} and eats {b}. How many {i} are left?", "There were {a} {i}. {b} are gone. How many are left?", "From {a} {i} I sell {b}. How many remain?", "{a} less {b}?", "Find {a} - {b}."]
MUL_T = ["{a} times {b}", "{a} times {b} is?", "{a} times {b} equals?", "What do {a} times {b} make?", "Solve {a} * {b}.", "Solve {a} x {b}.", "Product of {a} and {b}?", "What is the product of {a} and {b}?", "Can you multiply {a} by {b}?", "Can you multiply {a} and {b}?", "What does {a} * {b} give?", "How many are {a} times {b}?", "Multiply {a} and {b}.", "Multiply {a} with {b}.", "What is {a} multiplied with {b}, exactly?",
         "There are {a} bags with {b} {i} each. How many {i} are there?", "{a} boxes hold {b} {i} each. How many {i} is that?", "I buy {b} {i} on each of {a} days. How many {i} is that?", "What is {a} × {b}?", "Find {a} * {b}."]
def f_math(r, ev):
    k = r.choice([0, 0, 1, 1, 2, 2])
    T, A, op, w = [(ADD_T, corpus.ADD_A, "+", "plus"), (SUB_T, corpus.SUB_A, "-", "minus"), (MUL_T, corpus.MUL_A, "*", "times")][k]
    t, (a, b) = pick(r, ev, "2math" + op, T, A)
    v = a + b if k == 0 else a - b if k == 1 else a * b
    W = r.random() < .2
    q = t.format(a=NUMBERS[a] if W else a, b=NUMBERS[b] if W else b, i=r.choice(ITEMS), n=person(r)); q = q[0].upper() + q[1:] if r.random() < .8 else q
    return It("arithmetic", vary(r, q) if q[0].isalpha() else q, f"{a} {op} {b} = {v}", str(v), str(v), f"I need {a} {w} {b}. That is {v}.", {"type": "regex", "value": rf"(= |^){v}\.?$"})

OPP_T = ["What is the reverse of {w}?", "What is the contrary of {w}, please?", "Find the opposite of {w}.", "Say the opposite of {w}.", "Say the reverse of {w}.", "Opposite of {w}", "{w}: opposite?", "The opposite word of {w}, please.", "Antonym of {w}?", "Name an antonym of {w}.", "Give me an antonym of {w}.", "What antonym does {w} have?", "What is not {w}?", "Not {w}, but?", "If something is not {w}, what is it?", "Which word means the opposite of {w}?", "Which word is the contrary of {w}?", "I look for the opposite of {w}.",
         "Tell me the contrary of {w}.", "Turn {w} into its opposite.", "How do you call the opposite of {w}?", "Write the opposite of {w}.", "What stands against {w}?", "Can you give me the opposite of {w}?", "Could you tell me the opposite of {w}?", "I need an antonym of {w}."]
def f_opp(r, ev):
    t, w = pick(r, ev, "2opp", OPP_T, list(OPP))
    return It("opposites", vary(r, t.format(w=r.choice([w, w, f'"{w}"']))), f"The opposite of {w} is {OPP[w]}.", OPP[w], thought=f"The user asks for the opposite of {w}. That is {OPP[w]}.", check={"type": "regex", "value": rf"\b{OPP[w]}\.?$"})

HUES = "red blue green yellow orange purple pink brown black white grey".split()
COL_T = ["{x}: which colour?", "{x} - what color?", "Colour of {x}?", "Color of {x}?", "Say the colour of {x}.", "Is {x} {c} or {o}?", "Is {x} {o} or {c}?", "Which colour has {x}?", "In what colour would you paint {x}?", "What colour would {x} be?", "What color is {x} usually?", "I want to paint {x}. Which colour do I need?", "Which color do you see when you look at {x}?", "Can you say what colour {x} is?", "Tell me the color of {x}.", "Do you know the color of {x}?", "What is the typical colour of {x}?", "How would you describe the colour of {x}?", "I need the colour of {x}.", "Name the color of {x}.", "What colour has {x} got?", "What's the color of {x}?"]
def f_col(r, ev):
    t, (x, c) = pick(r, ev, "2col", COL_T, COLOURS)
    o = r.choice([h for h in HUES if h != c])
    return It("colours", vary(r, t.format(x=x, c=c, o=o)), f"{x[0].upper() + x[1:]} is {c}.", c, thought=f"The user asks for the colour of {x}. That is {c}.", check={"type": "regex", "value": rf"\b{c}\.?$"})

NEXT_T = [("Which {u} is after {d}?", 1), ("After {d}, which {u} is it?", 1), ("{d} is over. Which {u} is next?", 1), ("What is the next {u} after {d}?", 1), ("What is next after {d}?", 1), ("The {u} after {d}?", 1), ("The {u} after {d} is?", 1), ("{u} after {d}, please", 1), ("Give me the {u} after {d}.", 1), ("Say the {u} after {d}.", 1), ("It is {d}. What comes next?", 1), ("I need the {u} that follows {d}.", 1), ("Which {u} comes next after {d}?", 1), ("What {u} follows after {d}?", 1), ("Which {u} does {d} come before?", 1),
          ("Which {u} is before {d}?", -1), ("Before {d}, which {u} is it?", -1), ("What is the {u} right before {d}?", -1), ("The {u} before {d}?", -1), ("{u} before {d}, please", -1), ("Give me the {u} before {d}.", -1), ("Say the {u} before {d}.", -1), ("It is {d}. What came before?", -1), ("What was the {u} before {d}?", -1), ("I need the {u} before {d}.", -1), ("Which {u} precedes {d}?", -1), ("Which {u} does {d} follow?", -1), ("Which {u} came just before {d}?", -1)]
DAYONLY = [("Today is {d}. What day is tomorrow?", 1), ("It is {d} today. What day is it tomorrow?", 1), ("Tomorrow, if today is {d}?", 1), ("What is tomorrow if today is {d}?", 1), ("If it is {d} today, what comes tomorrow?", 1), ("Today is {d}. What day was yesterday?", -1), ("It is {d} today. What was yesterday?", -1), ("What was yesterday if today is {d}?", -1), ("If today is {d}, yesterday was?", -1), ("Tomorrow is {d}. What day is today?", -1), ("If tomorrow is {d}, what is today?", -1), ("If yesterday was {d}, what day is today?", 1)]
def f_cal(r, ev):
    k = r.randrange(6)
    if k == 5:
        T = ["Which month has the number {i}?", "Month {i} is?", "What is month {i}?", "Name month {i}.", "Which month is number {i}?", "Tell me the name of month {i}.", "Which month of the year is number {i}?"]
        t, i = pick(r, ev, "2mord", T, range(12), 1)
        return It("calendar", vary(r, t.format(i=i + 1)), f"The {ORD[i]} month is {MONTHS[i]}.", MONTHS[i], check={"type": "contains", "value": MONTHS[i]})
    if k == 4:
        T = ["Which are the {x}?", "Say all {x}.", "Write down the {x}.", "All {x}, please.", "Give me all the {x}.", "Name the {x}.", "Can you list the {x}?", "I need a list of the {x}.", "Tell me all {x} in order."]
        t, x = pick(r, ev, "2allx", T, ["days of the week", "months of the year", "weekdays in order", "twelve months"], 1)
        return It("calendar", vary(r, t.format(x=x)), ", ".join(DAYS if "day" in x else MONTHS) + ".")
    S, T, u = (DAYS, NEXT_T + DAYONLY * (1 if not ev else 0), "day") if k < 2 else (MONTHS, NEXT_T, "month")
    T = [x for i, x in enumerate(T) if ev or i not in (14, 27)] if not ev else [NEXT_T[14], NEXT_T[27]]
    (t, s) = r.choice(T); d = r.choice(S); x = S[(S.index(d) + s) % len(S)]
    b, w = (x, f"{x} comes {'after' if s > 0 else 'before'} {d}.")
    return It("calendar", vary(r, t.format(d=d, u=u)), w, b, thought=f"The user asks what comes {'after' if s > 0 else 'before'} {d}. That is {b}.", check={"type": "regex", "value": rf"^{b}\b"})

UP_T = ["Numbers from {a} to {b}, please.", "From {a} to {b}: count.", "Count, from {a} to {b}.", "Count the numbers from {a} to {b}.", "Count for me from {a} to {b}.", "Count upwards from {a} to {b}.", "Count on from {a} until {b}.", "Count from {a} until {b}.", "Count from {a} up to {b}.", "Count from {a}, stop at {b}.", "Start counting at {a} and stop at {b}.", "Start counting at {a} and go to {b}.", "Start from {a} and count up to {b}.", "Start with {a} and count until {b}.", "Start with {a}, end with {b}.", "Begin with {a} and count to {b}.", "Begin at {a} and go up to {b}.", "Begin counting at {a} and end at {b}.",
        "Beginning at {a}, count to {b}.", "Starting at {a}, count up to {b}.", "Go from {a} to {b}, one by one.", "Go up from {a} to {b}.", "Let us count from {a} to {b}.", "Show me the numbers from {a} to {b}.", "Tell me the numbers between {a} and {b}, both included.", "Write {a} to {b}.", "Write out the numbers {a} to {b}.", "What are the numbers from {a} to {b}?", "Which numbers come from {a} to {b}?", "Which numbers are there from {a} to {b}?", "All numbers from {a} to {b}", "Every number from {a} to {b}, please.", "Print the numbers {a} to {b}.", "List {a} to {b}.", "Say {a} to {b}.", "{a} to {b}, please count.", "Enumerate the numbers from {a} to {b}.", "Start at {a} and go on to {b}, counting."]
ONE_T = ["Count to {b}.", "Count up to {b}.", "Can you count to {b}?", "Please count to {b}.", "Count until {b}.", "Count to {b}, please.", "Can you count up to {b}?", "Show me that you can count to {b}.", "I want you to count to {b}.", "Could you count to {b} for me?", "All the numbers up to {b}, please."]
DOWN_T = ["Count backwards from {a} to {b}.", "Count back from {a} to {b}.", "Count in reverse from {a} to {b}.", "Count down, starting at {a} and ending at {b}.", "Count downwards from {a} to {b}.", "Count from {a} down to {b}.", "Count from {a} back to {b}.", "Start at {a} and count down to {b}.", "Begin at {a} and count backwards to {b}.", "Go down from {a} to {b}.", "Go backwards from {a} to {b}.", "Countdown from {a} to {b}!", "A countdown from {a} to {b}, please.", "Numbers from {a} down to {b}, please.", "Write the numbers from {a} down to {b}.", "Say the numbers from {a} back to {b}.", "Can you count backwards from {a} to {b}?", "Please count down from {a} until {b}.", "Give me the numbers from {a} down to {b}."]
def f_count(r, ev):
    x = r.random()
    if x < .2:
        b = r.choice(list(range(3, 21)) + [20, 25, 30]); T, args, a = ONE_T, b, 1
    elif x < .48:
        a = r.randint(3, 30); b = max(0, a - r.randint(2, 12)); T = DOWN_T if r.random() < .75 else corpus.CNT_T[:4] + corpus.CNT_T[5:-2]
    else:
        T = UP_T if r.random() < .75 else corpus.CNT_T[:-2]
        a, b = corpus._cnt(r)
        if b < a: a, b = b, a
    t = r.choice(T[-1:] if T in (UP_T, ONE_T, DOWN_T) else T) if ev and r.random() < .5 else r.choice(T[:-1])
    n = range(a, b + 1) if b >= a else range(a, b - 1, -1)
    q = t.format(a=a, b=b)
    if T is not DOWN_T and max(a, b) <= 20 and r.random() < .15: q = t.format(a=NUMBERS[a], b=NUMBERS[b])
    ans = ", ".join(map(str, n))
    return It("counting", vary(r, q), ans, thought=f"I count from {a} to {b}.", check={"type": "equals", "value": ans})

LST_T = ["{n} {x}, please.", "{n} {x}", "I would like {n} {x}.", "Show me {n} {x}.", "Which {n} {x} do you know?", "What are {n} {x}?", "Do you know {n} {x}?", "Think of {n} {x}.", "Write {n} {x}.", "Write the names of {n} {x}.", "List me {n} {x}.", "Name me {n} {x}.", "Please give me {n} {x}.", "Can you think of {n} {x}?", "Can you give me {n} {x}?", "Can you tell me {n} {x}?", "Make a list of {n} {x}.", "A list of {n} {x}, please.", "Give me a list of {n} {x}.", "Tell me the names of {n} {x}.", "Pick {n} {x}."]
def f_list(r, ev):
    t, (x, n) = pick(r, ev, "2lst", LST_T, [(x, n) for x in LISTS for n in range(2, 7)])
    q = t.format(n=r.choice([str(n), corpus.NUMW[n]]), x=r.choice(LIST_ALIAS.get(x, [x])))
    ans = ", ".join(LISTS[x][:n])
    return It("lists", vary(r, q[0].upper() + q[1:]) if q[0].isalpha() else q, ans, check={"type": "equals", "value": ans})

THING_T = ["What is {x}, please?", "So what is {x}?", "What is {x} exactly?", "What exactly is meant by {x}?", "What does {x} mean?", "What is the meaning of {x}?", "Do you know what {x} is?", "Say what {x} is.", "I want to know what {x} is.", "Please explain {x} to me.", "Please explain what {x} is.", "Explain {x} to me.", "Explain {x} shortly.", "Explain {x} in simple words.", "Describe {x} shortly.", "Describe {x} in a few words.", "Describe what {x} is.", "Give me a definition of {x}.", "The definition of {x}, please.", "Tell me what you know about {x}.", "Teach me what {x} is.", "How would you explain {x}?", "How would you define {x}?", "What should I know about {x}?", "Short question: what is {x}?", "Help me understand what {x} is.", "My child asks what {x} is.", "Can you define {x}?", "Could you describe {x} for me?"]
def f_thing(r, ev):
    t, x = pick(r, ev, "2thing", THING_T, list(THINGS))
    return It("things", vary(r, t.format(x=x)), THINGS[x], check={"type": "equals", "value": THINGS[x]})

LONG_T = ["Write a text about {x}.", "Write me a long text about {x}.", "Write a long story about {x}.", "Write a description of {x}.", "Describe {x} for me in detail.", "Describe {x} in many words.", "Describe {x} with many details.", "Tell me a long story about {x}.", "Tell me everything about {x}.", "Tell me more about {x}, at length.", "I want a long story about {x}.", "I want to read about {x}.", "A long text about {x}, please.", "A paragraph about {x}, please.", "Please write a paragraph about {x}.", "Please write a long text about {x}.", "Can you tell me a story about {x}?", "Can you describe {x} in detail?", "Can you write about {x} at length?", "Give me a story about {x}.", "Give me a paragraph about {x}.", "Paint a picture of {x} in words.", "Could you describe {x} at length?"]
def f_long(r, ev):
    t, x = pick(r, ev, "2long", LONG_T, list(corpus.LONG))
    return It("long", vary(r, t.format(x=x)), corpus.LONG[x], check={"type": "equals", "value": corpus.LONG[x]})

UNKNOWN = """Who is the king of {p}?;How high is the highest mountain?;How do I cook {w}?;How do I make soup?;How do I make pancakes?;Give me a recipe for {w}.;Give me a recipe for a cake.;Who is the minister of {p}?;Who won the cup in {y}?;Who won the race?;What happened in {y}?;What happened in the year {y}?;When did {n} live?;When was the first world war?;When did the war end?;When was {p} founded?;
Who was {n}?;Who is {n}?;Who was the emperor of {p}?;Explain {w} to me.;Explain inflation.;Explain gravity.;Explain photosynthesis.;Explain how a car works.;Explain the stock market.;How does the internet work?;How does a fridge work?;How does {w} work?;What will the weather be next week?;What will I win?;Will it rain tomorrow?;Who will win the game?;Which numbers should I play?;How do I install {w}?;How do I install a printer?;How do I set up my phone?;How do I fix my computer?;Write a poem about {w}.;Write a song.;Write a poem about love.;
Write me an essay about {w}.;Write an email to my boss.;Write code that sorts a list.;Who discovered {w}?;Who invented {w}?;Who invented the radio?;Who invented the computer?;Who wrote that book?;Who wrote {w}?;Who directed that film?;Who painted the ceiling?;What is the longest river?;What is the largest country?;What is the deepest sea?;How deep is the sea?;How fast is light?;How far is the sun?;How heavy is the Earth?;How old is {n}?;How many bones do I have?;What is the price of {w}?;What is the best {w}?;
Where can I buy {w}?;Where is {n} from?;Where is my phone?;What is the name of my mother?;What is the phone number of {n}?;Should I marry {n}?;Should I buy a house?;Is {n} older than {n}?;Is there life on other planets?;What is dark matter?;What is a {w}?;Tell me about {n}.;Tell me the news.;Tell me the history of {p}.;What is the capital of {p}?;Capital of {p}?;Do you know the capital of {p}?;Summarise this article.;Summarise the news.;Translate this text.;What is the chemical formula of {w}?;What does {w} mean?;
Can you drive a car?;Can you book a flight for me?;Can you order a pizza?;Can you write a novel?;Can you recommend a book?;Can you recommend a film?;What should I eat today?;What should I wear today?;What is the currency of {p}?;What language do they speak in {p}?;Who is the best player?;Which phone is the best?;What is the largest prime number?;What is {b} * {b2}?;What is {b} - {b2}?;What is {b} + {b2}?;What is {b} divided by {b2}?;What is the root of {b}?;Is {b} a prime number?;What is the airspeed of a swallow?;How long do cats live?;Prove that {w} is true.""".replace("\n", "").split(";")
def f_unknown(r, ev):
    t = r.choice(UNKNOWN[-3:]) if ev else r.choice(UNKNOWN[:-3])
    q = t.format(p=corpus.FAKE_C(r), n=pseudo(r).capitalize() + (" " + pseudo(r).capitalize() if r.random() < .5 else ""), w=pseudo(r), y=r.randint(1200, 2020), b=r.randint(120, 999), b2=r.randint(120, 999))
    return It("unknown", vary(r, q), FALLBACK, thought="I do not know this. I should say so.", check={"type": "equals", "value": FALLBACK})

# ----------------------------------------------------------------------------------------------------- text, letter by letter
SENTENCES = ["The {w} is on the {w}.", "I saw a {w} near the {w}.", "My {w} likes {w} and {w}.", "Please bring the {w} to {n}.", "{n} and {n} went to {c}.", "We need {d} more {w}.", "Do not touch the {w}!", "Where is the {w}?", "Is this {w} or {w}?", "{n} said: no {w} today", "{w}, {w} and {w}", "{w}; {w}", "the {w} of the {w}", "a very {w} {w}", "It is {d}:{e} in {c}", "Invoice #{d} for {n}", "Ticket {k} is {w}", "Meeting at {d}:{e}", "{n}'s {w}", "They're {w}, aren't they?", "I don't {w} it", "{w}-{w}-{w}",
             "{w}_{w}", "{w}.{w}", "{w}/{w}/{w}.txt", "{w}@{w}.com", "www.{w}.net", "int {w} = {d};", "if ({w} > {d}) return {w};", "{w}({w}, {w})", '"{w}": {d}', "<{w}>{w}</{w}>", "{w}={d}&{w}={d}", "Hello, {n}!", "Dear {n}, the {w} is ready.", "Error {d}: {w} not found", "{d} % of {w}", "$ {d}.{e}", "({w})", "[{w}] {w}", "{w}... {w}?", "{W} {W}", "{W} {w} {w} {w}.", "{w} {w} {w} {w} {w} {w}", "One {w}, two {w}, three {w}!", "Yes, {w}.", "No {w} without {w}", "The {w} {w} has {w} the {w} {w}.", "in {y}, {n} came to {c}", "version {d}.{e}.{d}", "{M} {d}, {y}"]
def text(r):
    x = r.random()
    if x < .30: return " ".join(word(r) for _ in range(r.choice([1, 1, 2, 3, 3, 4, 5, 6, 7, 9])))
    if x < .42:                                     # pieces of the vocabulary in any order: nothing to lean on but the copy
        return "".join(r.choice(PIECES) for _ in range(r.randint(2, 12))).replace("Ġ", " ").strip() or "x"
    if x < .50: return r.choice([str.capitalize, str.upper])(" ".join(word(r) for _ in range(r.randint(1, 3))))
    s = r.choice(SENTENCES)
    while re.search(r"\{[a-zA-Z]\}", s):
        s = re.sub(r"\{([a-zA-Z])\}", lambda m: {"w": lambda: word(r), "W": lambda: word(r).capitalize(), "n": lambda: person(r), "c": lambda: r.choice(CITIES), "d": lambda: str(r.choice([r.randint(0, 9), r.randint(10, 99), r.randint(100, 9999)])), "e": lambda: f"{r.randint(0, 59):02d}", "k": lambda: code(r), "y": lambda: str(r.randint(1800, 2030)), "M": lambda: r.choice(MONTHS)}[m[1]](), s, 1)
    return s[0].upper() + s[1:] if r.random() < .4 else s
ECHO_T = ["Say back: {x}", "Say this: {x}", "Say this word for word: {x}", "Repeat word for word: {x}", "Repeat what I say: {x}", "Repeat the text: {x}", "Repeat the sentence: {x}", "Repeat this sentence: {x}", "Repeat this line: {x}", "Repeat the line: {x}", "Repeat the next words: {x}", "Please repeat this: {x}", "Can you repeat: {x}", "Could you repeat this: {x}", "I say, you repeat: {x}", "Return this text: {x}", "Return exactly: {x}", "Return: {x}", "Give this back: {x}", "Give me back exactly: {x}", "Give back: {x}", "Print: {x}", "Print this: {x}", "Output: {x}", "Output exactly: {x}", "Output this text: {x}", "Write exactly: {x}", "Write this: {x}", "Write down: {x}",
          "Answer: {x}", "Answer only with: {x}", "Answer with this text: {x}", "Reply with: {x}", "Reply with this: {x}", "Respond with: {x}", "Respond with exactly: {x}", "Copy: {x}", "Copy the text: {x}", "Copy this text: {x}", "Quote: {x}", "Quote this: {x}", "Echo this: {x}", "Echo back: {x}", "Mirror: {x}", "Once more: {x}", "Your answer shall be: {x}", "Tell me this: {x}", "Repeat\n{x}", "Repeat:\n{x}", "Repeat the following line exactly:\n{x}", "Parrot this: {x}", "Hand this back: {x}"]
def f_text(r, ev):
    x = text(r) if r.random() < .8 else payload(r)
    T = ECHO_T if r.random() < .5 else corpus.ECHO_T[:-3]
    t = r.choice(ECHO_T[-2:]) if ev and r.random() < .3 else r.choice(T[:-2] if T is ECHO_T else T)
    if r.random() < .06 and '"' not in x and "\n" not in t: t = t.replace("{x}", '"{x}"')
    return It("echo text", t.replace("{x}", x), x, thought="The user wants me to repeat the text.", check={"type": "equals", "value": x})

SPELL_T = ["How do I spell {w}?", "How is {w} written?", "How is the word {w} spelled?", "Spell {w} for me.", "Spell this word: {w}", "Spell it: {w}", "Spell {w}, please.", "Spell {w} with dashes.", "Spell the name {w}.", "Letters of {w}?", "Letter by letter: {w}", "Give me the letters of {w}.", "Give me the spelling of {w}.", "The letters of {w}, please.", "The spelling of {w}?", "Break {w} into letters.", "Split {w} into its letters.", "Write the letters of {w}.", "Write {w} with dashes between the letters.", "What letters are in {w}?", "What is the spelling of {w}?", "I cannot spell {w}. Can you?", "Could you spell out {w}?", "Dictate {w} letter by letter."]
def f_spell(r, ev):
    x = r.random()
    w = word(r) if x < .62 else person(r) if x < .7 else r.choice(PIECES).lstrip("Ġ") if x < .82 else "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(r.randint(2, 7))) if x < .9 else r.choice(CITIES + [c for c, _, _ in CAPITALS]).replace(" ", "")
    if not w.isalpha() or len(w) > 12: w = r.choice(WORDS)
    t = r.choice(SPELL_T[-2:]) if ev and r.random() < .4 else r.choice(SPELL_T[:-2] + corpus.SPELL_T[:-2])
    return It("spelling", t.format(w=r.choice([w, w, w, f'"{w}"'])), "-".join(w), thought="I write the letters one by one.", check={"type": "equals", "value": "-".join(w)})

SIMPLE = [(f_talk, 14), (f_capital, 8), (f_math, 9), (f_opp, 6), (f_col, 5), (f_cal, 7), (f_count, 9), (f_list, 5), (f_text, 13), (f_spell, 9), (f_thing, 5), (f_unknown, 6)]
def simple(r, ev, fams=None):
    if not ev and r.random() < .25: return corpus.simple(r, False) if fams is None else r.choices([f for f, _ in fams], [w for _, w in fams])[0](r, False)
    fs = fams or SIMPLE
    return r.choices([f for f, _ in fs], [w for _, w in fs])[0](r, ev)

def d_simple(r, ev, f):
    it = f(r, ev)
    turns = []
    x = r.random()
    for _ in range(0 if ev and x < .8 else 0 if x < .68 else 1 if x < .88 else 2):
        p = simple(r, False)
        turns += [["user", p.q, None], ["assistant", p.a, None]]
    return doc(it.fam, turns + [["user", it.q, None], ["assistant", it.a, it.check]], system_text(r))

# --------------------------------------------------------------------------------------------------- system instructions
ROLES = "shop;bank;hotel;school;library;museum;garden centre;railway;bookshop;toy shop;clinic;zoo;theatre;post office;sports club".split(";")
def system_text(r):
    if r.random() < .6: return base_sys(r)
    return r.choice([f"You are the assistant of a {r.choice(ROLES)}.", f"You work for a {r.choice(ROLES)}.", f"You are {person(r)}, a {r.choice(corpus.ADJ)} {r.choice(corpus.ROLE)}.", f"The user's name is {person(r)}.", f"Today is {r.choice(DAYS)}.", f"You are an assistant in the app of a {r.choice(ROLES)}. {r.choice(corpus.MORE)}"])

RULES = {
    "up": ["Answer in uppercase.", "Use uppercase.", "Use uppercase letters.", "Use capital letters only.", "Use capitals for all answers.", "Write in capital letters.", "Write in uppercase only.", "Write everything in upper case.", "Write all replies in upper case.", "Reply in uppercase.", "Reply in capital letters.", "Respond in upper case.", "Respond in capital letters.", "Respond in uppercase letters only.", "All answers must be in upper case.", "All answers in capital letters, please.", "Your answers are in upper case.", "Your answers must be in capital letters.", "Every answer must be in uppercase.", "You must write in upper case.", "You always answer in capital letters.", "You only write in upper case.", "You speak in capital letters.", "Speak in upper case.", "Upper case only.", "Only capital letters.", "CAPITAL LETTERS ONLY.", "Answer everything in upper case."],
    "low": ["Answer in lowercase.", "Use lowercase letters.", "Use lowercase only.", "Use no capital letters.", "Do not use capital letters.", "Never use capital letters.", "Write in lower case.", "Write in lowercase only.", "Write everything in lower case.", "Reply in lower case.", "Reply in lowercase letters.", "Respond in lower case.", "Respond in lowercase.", "All answers must be in lower case.", "Your answers are in lower case.", "Every answer must be in lowercase.", "You must write in lower case.", "You always answer in lower case.", "You only write in lower case.", "Lower case only.", "Only lower case letters.", "Answer everything in lower case."],
    "one": ["Answer with only one word.", "Answer in one single word.", "Answer in exactly one word.", "Answer with just one word.", "Use a single word.", "Use one word.", "Use just one word per answer.", "Reply in one word.", "Reply with a single word.", "Reply with just one word.", "Respond in one word.", "Respond with one word.", "Respond with a single word only.", "Give one word answers.", "Give a single word as the answer.", "Give only one word.", "Only one word, please.", "Just one word.", "A single word is enough.", "All answers have one word.", "Your answer is one word.", "Your answers must be one word long.", "You answer in one word.", "You always answer with a single word.", "Keep every answer to one word.", "Limit your answer to one word."],
    "num": ["Answer in numbers only.", "Answer with numbers only.", "Answer with the number and nothing else.", "Answer with only the number.", "Reply only with a number.", "Reply with a number only.", "Reply with just a number.", "Respond with a number only.", "Respond with just the number.", "Respond only with the number.", "Give just the number.", "Give the number and nothing more.", "Give only the result.", "Only the number, please.", "Just the number.", "Say only the number.", "Write only the number.", "Write just a number.", "Write nothing but the number.", "Your answer is a number and nothing else.", "Your answers are numbers only.", "You only answer with numbers.", "You always answer with just a number.", "No words, only numbers.", "Use only digits.", "Print only the number."],
    "end": ["End with {c}.", "End your replies with {c}.", "End all answers with {c}.", "End every reply with {c}.", "End each reply with {c}.", "Always end with {c}.", "Always finish with {c}.", "Finish with {c}.", "Finish your answer with {c}.", "Finish each answer with {c}.", "Close every answer with {c}.", "Close with {c}.", "Add {c} at the end.", "Add {c} to the end of every answer.", "Append {c} to every answer.", "Append {c}.", "Put {c} at the end of every answer.", "Put {c} at the end.", "The last word of every answer is {c}.", "Your answers end with {c}.", "Every answer ends with {c}.", "All your answers must end with {c}.", "You end every answer with {c}.", "Write {c} at the end of each answer.", "After each answer, write {c}."],
    "start": ["Start with {c}.", "Start your replies with {c}.", "Start all answers with {c}.", "Start every reply with {c}.", "Start each answer with {c}.", "Always start with {c}.", "Always begin with {c}.", "Begin with {c}.", "Begin your answer with {c}.", "Begin each answer with {c}.", "Begin all replies with {c}.", "Open every answer with {c}.", "Open with {c}.", "Add {c} at the start.", "Add {c} to the start of every answer.", "Put {c} at the start of every answer.", "Put {c} first.", "Put {c} before every answer.", "The first word of every answer is {c}.", "Your answers start with {c}.", "Every answer starts with {c}.", "All your answers must start with {c}.", "You start every answer with {c}.", "Write {c} before each answer.", "Before each answer, write {c}."],
}
OLD_RULES = {"up": corpus.UPS, "low": corpus.LOWS, "one": corpus.ONES, "num": corpus.NUMS, "end": corpus.ENDS, "start": corpus.STARTS}
FACTS = [(f_capital, 5), (f_opp, 3), (f_col, 3), (f_cal, 3), (corpus.f_capital, 4), (corpus.f_opp, 3), (corpus.f_col, 3), (corpus.f_cal, 2)]
def obey(kind, it, c):
    if kind == "num": return it.num
    if kind == "one": return it.short
    a = it.a
    if kind == "up": return a.upper()
    if kind == "low": return a.lower()
    if kind == "end": return a + (" " if a[-1] in ".!?" else ". ") + c
    return c + (" " if c[-1] in ".!?" else ". ") + a
def d_system(r, ev):
    k = r.choice("up up up low low one one num num end end end start start start".split())
    T = RULES[k]
    s = T[-1] if ev and r.random() < .5 else r.choice(T[:-1] + OLD_RULES[k][:-1])
    c = r.choice([code(r), code(r), code(r), r.choice(WORDS).capitalize(), r.choice(EMOJI), word(r).upper(), r.choice(["Over and out", "Thank you.", "OK", "***", "--", "Yours, Orchard", "So it is.", "Amen", ">", "[ok]", "Well", "Listen:"])])
    s = s.format(c=r.choice([c, c, f'"{c}"']))
    turns = []
    for i in range(1 if ev else r.choice([1, 1, 1, 2, 3])):
        fams = [(f_math, 2), (corpus.f_math, 2)] if k == "num" else FACTS if k == "one" else FACTS + [(f_talk, 6), (corpus.f_small, 5), (f_math, 3), (corpus.f_math, 3), (f_thing, 1), (corpus.f_thing, 2)] + ([(f_text, 2)] if k in ("up", "low") else [])
        it = simple(r, False, fams)
        while k == "one" and (not it.short or " " in it.short): it = simple(r, False, fams)
        if it.fam == "echo text": it.a = text(r); it.q = "Repeat: " + it.a
        a = obey(k, it, c)
        turns += [["user", it.q, None], ["assistant", a, {"type": "equals", "value": a}]]
    x = r.random()
    if x < .4:
        b = system_text(r)
        s = (b + " " + s if b else s) if r.random() < .75 else (s + " " + b if b else s)
    if len(turns) == 2 and r.random() < .2:
        q = turns[0][1]
        turns[0][1] = q + (" " if q[-1] in ".!?" else ". ") + s if r.random() < .5 else s + " " + q
        s = ""
    return doc("system instruction", turns, s)

# --------------------------------------------------------------------------------------------------------------- memory
def memory_kinds(r):
    pet = r.choice("cat dog horse parrot hamster rabbit goldfish pony turtle".split()); rel = r.choice("sister brother friend neighbour boss teacher doctor colleague".split())
    return [
        ("name", person(r), ["My name is {v}.", "I am {v}.", "Hi, I am {v}.", "Hello, my name is {v}.", "Good morning, my name is {v}.", "I'm {v}.", "Hi, {v} here.", "This is {v}.", "Call me {v}.", "My friends call me {v}.", "People call me {v}.", "Hello, I'm {v}, nice to meet you.", "My name is {v} and I come from {c}.", "My name is {v} and I like {w}.", "I am {v} and I need help."], "Nice to meet you, {v}.",
         ["What is my name?", "What's my name?", "Who am I?", "Do you know my name?", "Do you still remember my name?", "Say my name.", "What am I called?", "How am I called?", "What did I say my name was?", "Do you know who I am?", "Tell me my name, please.", "My name is?", "Did I tell you my name?", "And who am I?"], "Your name is {v}."),
        ("colour", r.choice(HUES), ["My favourite colour is {v}.", "My favorite color is {v}.", "The colour I like best is {v}.", "I like the colour {v} most.", "I like {v} best."], "I will remember that your favourite colour is {v}.",
         ["What is my favourite colour?", "What's my favorite color?", "Which colour is my favourite?", "Which color do I like most?", "What colour did I say I like?", "Do you know my favourite colour?", "Name my favourite colour."], "Your favourite colour is {v}."),
        ("number", str(r.randint(1, 99999)), ["My number is {v}.", "Remember {v}.", "Remember this number: {v}", "Remember the number {v}.", "Note the number {v}.", "The number is {v}.", "Keep {v} in mind.", "Please keep the number {v}.", "My lucky number is {v}.", "My ticket number is {v}.", "My house number is {v}."], "I will remember the number {v}.",
         ["What is my number?", "What was the number?", "What's the number?", "What was my number?", "Which number was it?", "Which number should you remember?", "Do you remember the number?", "Say the number again.", "Repeat the number I gave you.", "The number, please.", "What number did I tell you?"], "The number is {v}."),
        ("word", word(r), ["The secret word is {v}.", "The magic word is {v}.", "Remember the word {v}.", "Remember this word: {v}", "Note this word: {v}", "My word is {v}.", "Keep the word {v}."], "I will remember the word {v}.",
         ["What is the secret word?", "What was the word?", "What is the word?", "Which word was it?", "Which word should you remember?", "Do you remember the word?", "Say the word again.", "The word, please.", "What word did I tell you?"], "The word is {v}."),
        ("code", code(r), ["My code is {v}.", "The code is {v}.", "Remember the code {v}.", "Remember this code: {v}", "Note the code {v}.", "Here is my code: {v}", "My booking code is {v}.", "My ticket code is {v}.", "Keep the code {v}."], "I will remember the code {v}.",
         ["What is my code?", "What was the code?", "What was my code again?", "What's my code?", "Which code was it?", "Do you remember my code?", "Do you still have the code?", "Repeat my code.", "Say the code again.", "The code, please.", "Give me back my code.", "Which code did I tell you?"], "The code is {v}."),
        ("password", r.choice([code(r), word(r) + "-" + str(r.randint(1, 99)), word(r)]), ["My password is {v}.", "Remember the password {v}.", "The password for today is {v}.", "Keep the password {v}.", "Note the password: {v}"], "I will remember the password {v}.",
         ["What is the password?", "What is my password?", "What was the password?", "What's the password?", "Do you remember the password?", "Say the password.", "The password, please.", "Which password did I tell you?"], "The password is {v}."),
        ("city", r.choice(CITIES), ["I live in {v}.", "I am from {v}.", "I come from {v}.", "My home is {v}.", "My home town is {v}.", "I am living in {v}.", "I moved to {v}.", "We live in {v}."], "{v} is a nice place.",
         ["Where do I live?", "Where am I from?", "Where is my home?", "Which city is my home?", "What is my home town?", "In which city do I live?", "Do you know where I live?", "Which city do I come from?", "Where did I say I live?"], "You live in {v}."),
        ("age", str(r.randint(5, 99)), ["I am {v} years old.", "I'm {v} years old.", "My age is {v}.", "I turned {v} today."], "I will remember that you are {v} years old.",
         ["How old am I?", "What is my age?", "Do you know my age?", "Do you remember how old I am?", "Tell me how old I am.", "What age am I?"], "You are {v} years old."),
        ("pet", person(r), [f"My {pet} is called {{v}}.", f"I have a {pet} called {{v}}.", f"My {pet}'s name is {{v}}.", f"I have a {pet}. Its name is {{v}}."], f"I will remember that your {pet} is called {{v}}.",
         [f"What is my {pet} called?", f"What is the name of my {pet}?", f"What's my {pet}'s name?", f"Do you know the name of my {pet}?", f"Who is my {pet}?", f"Tell me my {pet}'s name.", f"Which name does my {pet} have?"], f"Your {pet} is called {{v}}."),
        ("person", person(r), [f"My {rel} is called {{v}}.", f"My {rel}'s name is {{v}}.", f"The name of my {rel} is {{v}}.", f"I have a {rel} called {{v}}."], f"I will remember that your {rel} is called {{v}}.",
         [f"What is my {rel} called?", f"What is the name of my {rel}?", f"What's my {rel}'s name?", f"Do you know my {rel}'s name?", f"Who is my {rel}?", f"Tell me the name of my {rel}.", f"Which name does my {rel} have?"], f"Your {rel} is called {{v}}."),
    ]
SYSTEM_FACT = {"name": ["The user's name is {v}.", "You talk to {v}.", "The name of the user is {v}.", "The user is called {v}.", "The customer is called {v}."], "colour": ["The user's favourite colour is {v}."], "number": ["The number is {v}.", "The user's number is {v}.", "The ticket number is {v}."], "word": ["The secret word is {v}.", "The word is {v}."], "code": ["The code is {v}.", "The user's code is {v}.", "The booking code is {v}."],
               "password": ["The password is {v}, and you may tell it.", "The password of the day is {v}."], "city": ["The user lives in {v}.", "The user is from {v}."], "age": ["The user is {v} years old.", "The age of the user is {v}."], "pet": None, "person": None}
def up1(s): return s[0].upper() + s[1:]
def small_turn(r):
    while True:
        p = simple(r, False)
        if len(p.a) < 90 and not p.fam.startswith("long"): return [["user", p.q, None], ["assistant", p.a, None]]
def d_memory(r, ev, between=None):
    kinds = memory_kinds(r); r.shuffle(kinds)
    facts = kinds[:r.choice([1, 1, 2, 3])]
    say = lambda k, t: t.format(v=k[1], c=r.choice(CITIES), w=word(r))
    turns, system = [], system_text(r)
    x = r.random()
    inside = [k for k in facts if SYSTEM_FACT[k[0]]] if x < .2 else []
    if inside: system = (system + " " if system else "") + " ".join(say(k, r.choice(SYSTEM_FACT[k[0]])) for k in inside); facts = inside
    else:
        for k in facts:
            turns += [["user", up1(say(k, r.choice(k[2]))), None], ["assistant", up1(say(k, k[3])), None]]
    for _ in range(r.choice([0, 0, 1, 1, 2, 3]) if between is None else between): turns += small_turn(r)
    for k in r.sample(facts, len(facts)) if r.random() < .5 else facts[:1]:
        q = k[4][-1] if ev and r.random() < .5 else r.choice(k[4][:-1])
        turns += [["user", vary(r, q), None], ["assistant", up1(say(k, k[5])), {"type": "contains", "value": k[1]}]]
    if not ev and r.random() < .08:
        k = kinds[-1]; turns += [["user", r.choice(k[4][:-1]), None], ["assistant", "You have not told me that yet.", None]]
    return doc("memory", turns, system)

# ---------------------------------------------------------------------------------------------------------------- tools
THINGS2 = "lamp heater fan radio door window alarm camera screen printer pump oven".split()
def more_specs(r, sty):
    """Tools of other shapes: boolean, choice and list parameters, no parameter at all."""
    ts, P = [], lambda *a: r.choice(a)
    def T(key, parts, desc, params, mk): ts.append((key, style(r, parts, sty), desc, params, mk))
    d = r.choice(THINGS2); on = P("on", "enabled", "state_on" if sty == 0 else "isOn")
    def switch():
        v = r.random() < .5; x = r.choice(corpus.ROOMS); w = "on" if v else "off"
        return r.choice(["Turn {w} the {d} in the {x}.", "Turn the {d} in the {x} {w}.", "Please turn the {x} {d} {w}.", "{W} with the {d} in the {x}!", "The {d} in the {x} should be {w}."]).format(w=w, W=w.capitalize(), d=d, x=x), {"room": x, on: v}
    T("switch", P([ "set", d], ["switch", d], ["control", d]), P(f"Turn the {d} in a room on or off.", f"Controls the {d}"), [("room", "string", "The room"), (on, "boolean", "True for on")], switch)
    lv = P("low medium high".split(), "low normal high".split(), "minor major critical".split()); pk = P("priority", "level", "urgency")
    def task():
        x = " ".join(word(r) for _ in range(r.randint(1, 3))); p = r.choice(lv)
        return r.choice(["Create a task {x} with {k} {p}.", "New task: {x}, {k} {p}.", "Add a task {x}. The {k} is {p}.", "Make a {p} {k} task: {x}"]).format(x=x, k=pk, p=p), {"title": x, pk: p}
    T("task", P(["create", "task"], ["add", "task"], ["new", "task"]), P("Create a task.", "Creates a task with a " + pk), [("title", "string", "The title"), (pk, lv, "How urgent")], task)
    def shop():
        xs = [r.choice("bread milk butter cheese honey sugar coffee apple banana lemon onion potato rice soap eggs tea".split()) for _ in range(r.randint(1, 3))]; xs = list(dict.fromkeys(xs))
        return r.choice(["Put {x} on the shopping list.", "Add {x} to my shopping list.", "Shopping list: {x}", "Please buy {x}."]).format(x=", ".join(xs[:-1]) + " and " + xs[-1] if len(xs) > 1 else xs[0]), {"items": xs}
    T("shop", P(["add", "to", "list"], ["add", "shopping", "items"], ["buy", "items"]), P("Add items to the shopping list.", "Puts things on the list"), [("items", "array", "The items")], shop)
    def stock():
        x = "".join(r.choice(corpus.UP) for _ in range(r.randint(3, 4)))
        return r.choice(["What is the share price of {x}?", "How is the stock {x}?", "Price of {x}?", "Get the price of {x}.", "How much is one share of {x}?"]).format(x=x), {P_: x}
    P_ = P("symbol", "ticker", "share")
    T("stock", P(["get", "share", "price"], ["stock", "price"], ["get", "quote"]), P("Get the price of a share.", "Returns the stock price"), [(P_, "string", "The symbol")], stock)
    def play():
        x = " ".join(word(r) for _ in range(r.randint(1, 3))); return r.choice(["Play {x}.", "Play the song {x}.", "Put on {x}, please.", "I want to hear {x}."]).format(x=x), {"song": x}
    T("play", P(["play", "song"], ["play", "music"], ["play"]), P("Play a song.", "Plays music"), [("song", "string", "The song")], play)
    def temp():
        x = r.choice(corpus.ROOMS); v = r.randint(12, 28); return r.choice(["Set the {x} to {v} degrees.", "Make it {v} degrees in the {x}.", "Heat the {x} to {v} degrees.", "I want {v} degrees in the {x}."]).format(x=x, v=v), {"room": x, "degrees": v}
    T("temp", P(["set", "temperature"], ["set", "heating"]), P("Set the temperature of a room.", "Sets the heating"), [("room", "string", "The room"), ("degrees", "integer", "The temperature")], temp)
    return ts

WEATHER = ["Tell me how the weather is in {v}.", "How's the weather in {v} today?", "I need the weather in {v}.", "What is the weather in {v} now?", "What's the weather in {v} right now?", "What's the weather like in {v} at the moment?", "Can you get the weather for {v}?", "Can you tell me the weather in {v}?", "Check the weather in {v}.", "Look up the weather in {v}, please.", "Is it cold in {v}?", "Is it hot in {v} now?", "Is it windy in {v} today?", "Will I need a coat in {v}?", "Show me the weather of {v}.", "I am going to {v}. How is the weather?", "I travel to {v} today. Tell me the weather.", "Weather for {v}", "weather in {v}, please", "{v}: weather?", "How warm is it in {v}?", "Please get me the weather of {v}."]
TIME = ["What's the time in {v}?", "What time is it in {v} now?", "What time is it now in {v}, please?", "I need the time in {v}.", "Can you tell me the time in {v}?", "Check the time in {v}.", "Local time in {v}?", "Which time do they have in {v}?", "time in {v}, please", "Is it late in {v}?", "Please tell me how late it is in {v}."]
SUMS = ["Use the tool: add {a} and {b}.", "Use the tool for {a} + {b}.", "Please add {a} to {b}.", "Please compute {a} + {b}.", "Can you add {a} and {b}?", "I need the sum of {a} and {b}.", "{a} + {b}", "Calculate {a} + {b}.", "What do {a} and {b} make?", "Sum of {a} and {b}?", "Please sum {a} and {b}."]
def reword(r, ev, key, q, args):
    """The question of a tool of corpus.py in other words."""
    v = list(args.values())
    T = {"weather": WEATHER, "time": TIME, "add": SUMS}.get(key)
    if T is None or not ev and r.random() < .3: return q
    t = T[-1] if ev and r.random() < .4 else r.choice(T[:-1])
    return t.format(v=v[0], a=v[0], b=v[-1])

def spec_schema(r, t, fmt):
    s = schema(r, t, fmt); fn = s.get("function", s)
    for p, ty, _ in t[3]:
        o = fn["parameters"]["properties"][p]
        if isinstance(ty, list): o["type"] = "string"; o["enum"] = ty
        elif ty == "array": o["items"] = {"type": "string"}
    return s

def toolbox(r, ev, n):
    """n tools of different kinds; the first is the one to call."""
    sty = r.choice([0, 0, 0, 1, 2])
    pool = [t for t in corpus.tool_specs(r, sty) if t[0] != "now"]; more = more_specs(r, sty)
    nouns = list(corpus.NOUNS) + MORE_NOUNS; r.shuffle(nouns)
    gens = [corpus.generic_tool(r, sty, False, [x]) for x in nouns[:3]]
    x = r.random()
    first = r.choice(more) if x < .3 else r.choice(gens[:1]) if x < .55 else next(t for t in pool if t[0] == "weather") if x < .68 else r.choice(pool)
    rest = [t for t in pool + more * 2 + gens * 3 if t[0] != first[0]]; r.shuffle(rest)
    out = [first]
    for t in rest:
        if len(out) >= n: break
        if all(t[0] != o[0] and t[1] != o[1] for o in out): out.append(t)
    return out
MORE_NOUNS = "subscription shipment reservation contact playlist server backup license policy claim voucher coupon refund delivery appointment folder image video photo comment review survey branch build release".split()
def tool_format(r): return {"pdesc": r.choice([0, 0, 1, 2]), "req": r.random() < .85, "addl": r.random() < .1, "bare": r.random() < .05}
def finish(r, fam, turns, box, think=False):
    fmt = tool_format(r); shown = box[:]; r.shuffle(shown)
    d = doc(fam, turns, system_text(r), [spec_schema(r, t, fmt) for t in shown], think)
    d["compact"] = r.random() < .25
    return d

NONE_FAMS = [(f_talk, 8), (f_capital, 4), (f_opp, 2), (f_col, 2), (f_text, 4), (f_thing, 2), (f_cal, 2), (f_spell, 1), (f_count, 1)]
def d_tool(r, ev):
    box = toolbox(r, ev, r.choice([1, 1, 2, 2, 3, 4, 5]))
    turns = []
    if r.random() < .12: p = f_talk(r, False); turns += [["user", p.q, None], ["assistant", p.a, None]]
    if r.random() < .16:
        it = simple(r, ev, NONE_FAMS)
        return finish(r, "tools: no call", turns + [["user", it.q, None], ["assistant", it.a, it.check]], box)
    t = box[0]
    q, args = t[4](); q = reword(r, ev, t[0], q, args)
    if r.random() < .1: q = lower_first(q)
    think = r.random() < .08 and not ev
    turns += [["user", q, None], ["assistant", ("<think>\nI should call " + t[1] + ".\n</think>\n\n" if think else "") + call_text(t[1], args), {"type": "tool", "value": {"name": t[1], "arguments": args}}]]
    return finish(r, "tools: call", turns, box, think)
def lower_first(q): return q[0].lower() + q[1:]

def join(xs): return xs[0] if len(xs) == 1 else ", ".join(xs[:-1]) + " and " + xs[-1]
PAIR = {
    "weather": ["What is the weather in {x}?", "How is the weather in {x}?", "Weather in {x}?", "Weather in {x}, please.", "Get the weather for {x}.", "Tell me the weather in {x}.", "Tell me the weather for {x}.", "Is it raining in {x}?", "Is it warm in {x}?", "What is the weather like in {x}?", "Check the weather in {x}.", "Give me the weather of {x}.", "Show the weather for {x}.", "How warm is it in {x}?"],
    "time": ["What time is it in {x}?", "Tell me the time in {x}.", "What is the time in {x}?", "Time in {x}?", "Get the time for {x}.", "Check the time in {x}.", "Local time in {x}, please."],
    "pop": ["How many people live in {x}?", "What is the population of {x}?", "Population of {x}?", "Population of {x}, please."],
    "stock": ["What is the share price of {x}?", "Prices of {x}?", "Get the prices of {x}.", "How much are {x}?", "Check the shares {x}."],
}
BOTH = ["{p} {q}", "{p} And {q1}", "{p} Then {q1}", "{p} Also: {q1}", "First: {p} Second: {q}", "1. {p} 2. {q}", "{p} After that: {q}"]
def d_parallel(r, ev):
    """Two or three calls in one turn; sometimes the results and the answer after them."""
    sty = r.choice([0, 0, 0, 1, 2])
    pool = [t for t in corpus.tool_specs(r, sty) + more_specs(r, sty) if t[0] != "now"]
    nouns = list(corpus.NOUNS) + MORE_NOUNS; r.shuffle(nouns)
    gen = [corpus.generic_tool(r, sty, False, [n]) for n in nouns[:2]]
    turns, x = [], r.random()
    n = r.choice([2, 2, 2, 3])
    if x < .5:                                      # one tool, several arguments
        kind = r.choice(["weather", "weather", "time", "pop", "stock"])
        t = next(t for t in pool if t[0] == kind) if r.random() < .7 else gen[0]
        calls = []
        while len(calls) < n:
            a = t[4]()[1]
            if a not in [c for c in calls]: calls.append(a)
        vs = [str(list(a.values())[0]) for a in calls]
        if t[0] in PAIR:
            T = PAIR[t[0]]; q = (T[-1] if ev and r.random() < .4 else r.choice(T[:-1])).format(x=join(vs))
            if r.random() < .15: q = q.replace(" and ", " and also in ") if " in " in q else q
        else:
            key = list(calls[0])[0]
            V = t[1]; m = re.match(r"([A-Za-z ]+?) (a|one) (\w+)", t[2]); verb, noun = m[1], m[3]
            q = r.choice([f"{verb} {noun}s {join(vs)}.", f"{verb} the {noun}s {join(vs)}.", f"Please {verb.lower()} {noun}s {join(vs)}.", f"{verb} {noun} {join(vs)}.", f"Can you {verb.lower()} {noun}s {join(vs)}?"])
        calls = [(t, a) for a in calls]; box = [t]
    elif x < .62:                                   # two tools about one place
        w, m = next(t for t in pool if t[0] == "weather"), next(t for t in pool if t[0] == "time")
        c = r.choice(CITIES)
        q = r.choice(["What are the weather and the time in {c}?", "Weather and time in {c}?", "Give me weather and time for {c}.", "I need the weather and the time in {c}.", "How is the weather in {c}, and what time is it there?", "What is the weather in {c} and what time is it there?", "Check weather and time in {c}, please."]).format(c=c)
        calls = [(w, {list(w[4]()[1])[0]: c}), (m, {list(m[4]()[1])[0]: c})]; box = [w, m]
    else:                                           # two questions
        two = r.sample(pool + gen * 3, 2)
        while two[0][0] == two[1][0] or two[0][1] == two[1][1]: two = r.sample(pool + gen * 3, 2)
        (p, a), (q2, b) = two[0][4](), two[1][4]()
        p, q2 = reword(r, ev, two[0][0], p, a), reword(r, ev, two[1][0], q2, b)
        if p[-1] not in ".?!": p += "."
        q = (BOTH[-1] if ev and r.random() < .3 else r.choice(BOTH[:-1])).format(p=p, q=q2, q1=lower_first(q2))
        calls = [(two[0], a), (two[1], b)]; box = two
    extra = [t for t in pool + gen if all(t[0] != o[0] and t[1] != o[1] for o in box)]; r.shuffle(extra)
    box = box + extra[:r.choice([0, 0, 1, 1, 2])]
    want = [{"name": t[1], "arguments": a} for t, a in calls]
    think = r.random() < .06 and not ev
    turns += [["user", q, None], ["assistant", ("<think>\nI should call " + " and ".join(dict.fromkeys(t[1] for t, _ in calls)) + ".\n</think>\n\n" if think else "") + "\n".join(call_text(t[1], a) for t, a in calls), {"type": "tools", "value": want}]]
    keys = {t[0] for t, _ in calls}
    if keys <= {"weather", "time", "add", "mul", "pop"} and r.random() < .5 and not think:
        turns[-1][2] = None
        said, ck = [], []
        for t, a in calls:
            v = list(a.values())
            if t[0] == "weather":
                w, m = r.choice("sunny cloudy rainy windy foggy snowy clear stormy".split()), r.randint(-9, 39)
                res = r.choice([json.dumps({"temperature": m, "condition": w}), json.dumps({"city": v[0], "temperature": m, "condition": w}), f"{w}, {m} degrees"]); said.append(f"It is {w} and {m} degrees in {v[0]}."); ck += [w, str(m), v[0]]
            elif t[0] == "time":
                h = f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"; res = r.choice([h, json.dumps({"time": h})]); said.append(f"It is {h} in {v[0]}."); ck += [h]
            else:
                n = r.randint(0, 99999); res = r.choice([str(n), json.dumps({"result": n})]); said.append(f"The result is {n}."); ck += [str(n)]
            turns.append(["tool", res, None])
        turns.append(["assistant", " ".join(said), {"type": "contains_all", "value": ck}])
    return finish(r, "tools: parallel", turns, box, think)

STATUS = "done ok sent created deleted open closed paid shipped active late cancelled confirmed accepted refused pending".split()
def d_result(r, ev):
    """A call, its result, the answer; then perhaps a question without a call."""
    d = d_tool(r, False)
    while d["family"] != "tools: call" or d["think"]: d = d_tool(r, False)
    d["family"] = "tools: answer"
    d["turns"][-1][2] = None
    k = r.randrange(4)
    if k == 0: v = r.choice(STATUS); res, a, ck = r.choice([v, json.dumps({"status": v}), json.dumps({"result": v})]), f"The result is {v}.", [v]
    elif k == 1: v = str(r.randint(0, 99999)); res, a, ck = r.choice([v, json.dumps({"result": int(v)}), json.dumps({"value": int(v)})]), f"The result is {v}.", [v]
    elif k == 2: v = text(r).replace('"', "'").replace("\\", "/").rstrip("."); res, a, ck = v, f"The result is {v}.", [v]
    else:
        ks = r.sample("status name price city owner count date total state title level size user amount colour".split(), r.choice([2, 2, 3])); o = {q: r.choice([lambda: word(r), lambda: r.randint(0, 999), lambda: code(r), lambda: person(r)])() for q in ks}
        res, a, ck = json.dumps(o), "The result is " + ", ".join(f"{q} {v}" for q, v in o.items()) + ".", [str(v) for v in o.values()]
    if "weather" in json.dumps(d["tools"]) and re.search("weather", d["turns"][-1][1]):
        c = list(json.loads(re.search(r"<tool_call>\n(.*)\n", d["turns"][-1][1])[1])["arguments"].values())[0]
        w, m = r.choice("sunny cloudy rainy windy foggy snowy clear stormy".split()), r.randint(-9, 39)
        res = r.choice([json.dumps({"temperature": m, "condition": w}), json.dumps({"city": c, "condition": w, "temperature": m}), f"{m} degrees and {w}", f"{w}, {m} degrees"]); a, ck = f"It is {w} and {m} degrees in {c}.", [w, str(m)]
    elif "time" in (n := re.search(r'"name": "(\w+)"', d["turns"][-1][1])[1].lower()) and "timer" not in n: return d_result(r, ev)
    d["turns"] += [["tool", res, None], ["assistant", a, {"type": "contains_all", "value": ck}]]
    if not ev and r.random() < .12: p = f_talk(r, False); d["turns"] += [["user", p.q, None], ["assistant", p.a, None]]
    return d

# ------------------------------------------------------------------------------------------------------------ JSON, thinking
JS_T = ["As JSON with keys {k}.", "As JSON with the keys {k}, please.", "Answer as JSON. Keys: {k}.", "Answer in JSON. The keys are {k}.", "Output JSON with keys {k}.", "Output as JSON with the keys {k}.", "Format: JSON with keys {k}.", "JSON with keys {k}, please.", "I want JSON with keys {k}.", "Reply in JSON, keys {k}.", "Your answer is JSON with the keys {k}.", "Please answer with a JSON object with keys {k}.", "Write a JSON object with keys {k}.", "Return a JSON object with keys {k}.", "Only JSON, with keys {k}.", "Produce JSON with the keys {k}."]
ASK = ["Give me {x} as JSON with keys {k}.", "Give me {x} as JSON with the keys {k}.", "Tell me {x} in JSON with keys {k}.", "Write {x} as JSON with keys {k}.", "I need {x} as JSON with keys {k}.", "Return {x} as JSON with keys {k}.", "Show {x} as JSON with keys {k}."]
def d_json(r, ev):
    k = r.randrange(7)
    x = None
    C, K, N = r.choice(CAPITALS)
    if k < 2: val = {"country": C, "capital": K, "city": K, "population": int(N)}; ks = r.choice([["country", "capital"], ["capital", "country"], ["capital"], ["country", "city"], ["city"], ["capital", "population"], ["city", "population"]]); it = f_capital(r, False); q = r.choice(["What is the capital of {c}?", "Which city is the capital of {c}?", "{c}'s capital?", "Tell me the capital of {c}."]).format(c=C); x = f"the capital of {C}"
    elif k == 2: a, b = r.choice(corpus.ADD_A); val = {"a": a, "b": b, "sum": a + b, "result": a + b, "answer": a + b}; ks = r.choice([["result"], ["sum"], ["answer"], ["a", "b", "sum"], ["a", "b", "result"]]); q = r.choice(["What is {a} + {b}?", "Add {a} and {b}.", "{a} plus {b}?", "Compute {a} + {b}."]).format(a=a, b=b); x = f"the sum of {a} and {b}"
    elif k == 3: t, c = r.choice(COLOURS); val = {"thing": t, "colour": c, "color": c}; ks = r.choice([["thing", "colour"], ["colour"], ["color"], ["thing", "color"]]); q = r.choice(["What colour is {x}?", "Which color is {x}?", "Colour of {x}?"]).format(x=t); x = f"the colour of {t}"
    elif k == 4: w = r.choice(list(OPP)); val = {"word": w, "opposite": OPP[w]}; ks = r.choice([["word", "opposite"], ["opposite"]]); q = r.choice(["What is the opposite of {w}?", "Opposite of {w}?"]).format(w=w); x = f"the opposite of {w}"
    else:
        n, a, c = person(r), r.randint(1, 99), r.choice(CITIES); val = {"name": n, "age": a, "city": c}; ks = r.choice([["name", "age"], ["name", "city"], ["name", "age", "city"], ["name"], ["age", "name"], ["city", "name"]])
        q = r.choice(["{n} is {a} years old and lives in {c}.", "{n} lives in {c} and is {a} years old.", "{n}, {a}, from {c}.", "{n} is {a} and comes from {c}.", "This is {n}. Age: {a}. City: {c}.", "{n} ({a}) lives in {c}."]).format(n=n, a=a, c=c)
    t = JS_T[-1] if ev and r.random() < .5 else r.choice(JS_T[:-1] + corpus.JS_T[:-1])
    if len(ks) == 1: t = t.replace("the keys", "the key").replace("keys", "key").replace("key are", "key is").replace("The key", "The key")
    ki = ks[0] if len(ks) == 1 else r.choice([", ".join(ks[:-1]) + " and " + ks[-1], ", ".join(ks)])
    i = t.format(k=ki); ans = {y: val[y] for y in ks}
    a = json.dumps(ans, ensure_ascii=False, separators=(",", ":"))
    s, y = system_text(r), r.random()
    if y < .3: s = (s + " " if s else "") + i; u = q
    elif y < .45 and x: u = (ASK[-1] if ev else r.choice(ASK[:-1])).format(x=x, k=ki).replace("keys", "key" if len(ks) == 1 else "keys")
    else: u = q + " " + i if r.random() < .7 else i + " " + q
    return doc("json", [["user", u, None], ["assistant", a, {"type": "json", "value": ans}]], s)

def d_think(r, ev):
    it = simple(r, ev, SIMPLE)
    turns = []
    if r.random() < .15 and not ev: turns = small_turn(r)
    return doc("think", turns + [["user", it.q, None], ["assistant", f"<think>\n{it.thought}\n</think>\n\n{it.a}", {"type": "think", "value": it.check}]], system_text(r), None, True)

# ------------------------------------------------------------------------------------------------------------ long chats
def d_chat(r, ev):
    turns = []
    for _ in range(r.randint(3, 10)): turns += small_turn(r)
    it = simple(r, ev)
    return doc("long chat", turns + [["user", it.q, None], ["assistant", it.a, it.check]], system_text(r))
def d_far(r, ev, shortest=500, longest=1850):
    """A fact at the start, many turns, the question at the end; tokens of the whole conversation between the two numbers."""
    while True:
        d = d_memory(r, ev, r.randint(shortest // 26, longest // 16))
        if shortest <= sum(map(len, map(tokenizer().encode, (t for t, _ in corpus.segments(d))))) <= longest: break
    d["family"] = "long memory"
    return d
def tokenizer():
    if not LOADED:
        from tokenizer import Tokenizer
        LOADED.append(Tokenizer.load(os.path.join(HERE, "tokenizer.json")))
    return LOADED[0]
LOADED = []

FAMILIES = {
    "small talk": (lambda r, e: d_simple(r, e, f_talk), 13), "capitals": (lambda r, e: d_simple(r, e, f_capital), 6), "arithmetic": (lambda r, e: d_simple(r, e, f_math), 10), "opposites": (lambda r, e: d_simple(r, e, f_opp), 4),
    "colours": (lambda r, e: d_simple(r, e, f_col), 4), "calendar": (lambda r, e: d_simple(r, e, f_cal), 5), "counting": (lambda r, e: d_simple(r, e, f_count), 9), "lists": (lambda r, e: d_simple(r, e, f_list), 2),
    "echo text": (lambda r, e: d_simple(r, e, f_text), 16), "spelling": (lambda r, e: d_simple(r, e, f_spell), 16), "things": (lambda r, e: d_simple(r, e, f_thing), 3), "unknown": (lambda r, e: d_simple(r, e, f_unknown), 5),
    "long": (lambda r, e: d_simple(r, e, f_long), .8), "system instruction": (d_system, 24), "memory": (d_memory, 9), "tools: call": (d_tool, 9), "tools: parallel": (d_parallel, 8), "tools: answer": (d_result, 5), "json": (d_json, 5), "think": (d_think, 7), "long chat": (d_chat, 2), "long memory": (d_far, 0),
}

# --------------------------------------------------------------------------------------- nothing of the evaluation in training
def normal(s): return re.sub(r"[\s.?!,]+", " ", s.lower().replace("please", "")).strip()
APART = ("system instruction", "memory", "long memory", "tools", "json")     # families where more than the last question makes the item
def key(family, system, tools, think, users):
    if family.startswith("tools") or family.startswith(APART): return (normal(system), bool(tools), bool(think), tuple(normal(u) for u in users))
    return normal(users[-1])
ARGUMENTS = sorted({re.escape(a.lower()) for a in [x for c in CAPITALS for x in c[:2]] + CITIES + DAYS + MONTHS + ORD + list(OPP) + [x for x, _ in COLOURS] + HUES + list(THINGS) + list(LISTS) + ["colors", "prime numbers"] + NUMBERS + ITEMS + corpus.ROOMS + PEOPLE}, key=lambda a: (-len(a), a))
ARGUMENT = re.compile(r"\b(" + "|".join(ARGUMENTS) + r"|\d+)\b")
def frame(s):
    """The question without its arguments: two questions of one template have one frame."""
    return ARGUMENT.sub("@", normal(s))
FRAMED = ("small talk", "capitals", "arithmetic", "opposites", "colours", "calendar", "counting", "lists", "things", "unknown", "tools: parallel")
def probe_frames():
    """The wordings of probe2.jsonl where it is the wording that is asked for (and not a rule, a text to copy or a fact told before)."""
    with open(os.path.join(HERE, "probe2.jsonl"), encoding="utf-8") as lines:
        return {frame(x["messages"][-1]["content"]) for x in map(json.loads, lines) if x["family"] in FRAMED}
def evaluation_keys():
    keys = set()
    for name in SETS:
        path = os.path.join(HERE, name)
        if not os.path.exists(path): continue
        with open(path, encoding="utf-8") as lines:
            for item in map(json.loads, lines):
                m = item["messages"]; system = m[0]["content"] if m[0]["role"] == "system" else ""
                keys.add(key(item["family"], system, item.get("tools"), item.get("enable_thinking"), [x["content"] for x in m if x["role"] == "user"]))
    return keys
def asks(d, keys, frames=frozenset()):
    """Whether the conversation asks, in any of its turns, what an item of the evaluation asks, or words it as the probe does."""
    users = [t[1] for t in d["turns"] if t[0] == "user"]
    if any(normal(u) in keys or frame(u) in frames for u in users): return True
    return any((normal(d["system"]), bool(d.get("tools")), bool(d.get("think")), tuple(normal(u) for u in users[:i + 1])) in keys for i in range(len(users)))

KEYS = FRAMES = None
OLD_SHARE = .35
def make(r, fam=None):
    """A training conversation of either half."""
    global KEYS, FRAMES
    if KEYS is None: KEYS, FRAMES = evaluation_keys(), probe_frames()
    while True:
        if fam is None and r.random() < OLD_SHARE: d = corpus.make(r)
        else: d = FAMILIES[fam or r.choices(list(FAMILIES), [w for _, w in FAMILIES.values()])[0]][0](r, False)
        if not asks(d, KEYS, FRAMES): return d

def eval_set(seed=20261126):
    n = {"tools: call": 30, "tools: parallel": 30, "echo text": 30, "system instruction": 20, "long memory": 20, "small talk": 25}
    r = random.Random(seed); out = []; seen = set()
    for fam, (f, _) in FAMILIES.items():
        k = 0
        while k < n.get(fam, 15):
            d = f(r, True)
            users = tuple(t[1] for t in d["turns"] if t[0] == "user")
            if (d["system"], users) in seen: continue
            seen.add((d["system"], users)); k += 1
            m = ([{"role": "system", "content": d["system"]}] if d["system"] else []) + [{"role": t[0], "content": t[1]} for t in d["turns"][:-1]]
            o = {"id": len(out), "family": d["family"], "messages": m}
            if d.get("tools"): o["tools"] = d["tools"]; o["compact"] = bool(d.get("compact"))
            if d.get("think"): o["enable_thinking"] = True
            o["expected"] = d["turns"][-1][1]; o["check"] = d["turns"][-1][2] or {"type": "equals", "value": d["turns"][-1][1]}
            out.append(o)
    return out

if __name__ == "__main__":
    if sys.argv[1] == "eval":
        with open(sys.argv[2], "w", encoding="utf-8") as f:
            for o in eval_set(): f.write(json.dumps(o, ensure_ascii=False) + "\n")
    else:
        r = random.Random(1)
        for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 10):
            d = make(r, sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] != "all" else None)
            print("=====", d["family"]); print("".join(t if not l else "[[" + t + "]]" for t, l in corpus.segments(d)))
