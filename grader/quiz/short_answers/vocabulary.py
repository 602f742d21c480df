"""Words that mean the same, words that mean the opposite, and words that turn a sentence around.

General English and the language of teaching machine learning; what is particular to a question stands in its phrasings.
"""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Each line: words that may stand for each other in an answer. The first one names the concept.
SAME = """
rearrange reshape form
library torch pytorch
calculate compute computes computation computing calculation evaluate determine
image picture photo img
number value figure scalar
change adjust alter update modify tweak nudge move wiggle
parameter weight param
gradient slope derivative grad derive
axis axes dimension dim dimensional
mean average avg
tensor array
grid matrix table matrices
split divide chop cut separate
batch minibatch
target label truth
prediction predict preds pred predicted forecast
item element entry example sample
expand stretch enlarge extend
copy duplicate replicate
people human person somebody us
tell indicate say
random arbitrary randomly randn
train learn fit
store save
make create build construct
return yield
folder directory subfolder subdirectory
near close nearer nearest closer closest
similar resemble alike similarity
need require necessary
reach arrive attain
shuffle mix permute shuffled mixed
square squared
root sqrt
absolute abs
select choose pick filter
condition test criterion
list comprehension
function func
module
remainder rest modulo mod
between among
each every per
apply applied
compare comparison compares
minimum optimum
overshoot jump leap skip
diverge explode
bounce oscillate oscillation
unit neuron
epoch pass
repeat iterate again
memorise memorize heart
overfit overfitting
generalise generalize
parallel simultaneously
compiled optimised optimized
enough sufficient
direction way
whole full entire complete
output result activation
class category
validation valid validate
allocate
smooth smoothly
threshold cutoff
constant flat
infinite infinity
optimizer optimiser optimization
wide wider width
"""

# Each line: words of one meaning | words of the opposite meaning.
OPPOSITE = """
large big high great huge larger bigger higher greater highest largest biggest greatest long longer maximum enormous \
| small low little tiny smaller lower lowest smallest less short shorter minimal lesser
increase grow rise raise climb uphill up | decrease fall drop reduce shrink descend downhill down sink minimize minimise
good better best well useful usable meaningful improve | bad worse worst poor terrible useless meaningless
add plus sum accumulate summed | subtract minus substract
same equal identical equally | different differ other another
fast quick rapid faster quicker quickly | slow slower slowly long-time
positive | negative
before in-front | after behind afterwards
linear line | nonlinear nonlinearity
odd | even
precise accurate exact reliable steady stable | imprecise inaccurate noisy unstable unreliable noise
many lots much more | few fewer
deep deeper | shallow
multiply product times | division
seen saw known used | unseen unknown unused
right correct true | wrong incorrect false
inside within | outside
easy simple | hard difficult complicated
top | bottom
first begin beginning start | last final end
light bright white lightest brightest | dark black darkest
"""

# Not opposite in general, but one can't stand for the other.
CONTRASTS = """
train validation
loss metric
row column
input output
function module
mean sum
forward backward
rank shape
sigmoid relu
multiply add
weight bias
people computer
"""

NEGATIONS = words(
    "not no never none nothing neither nor without cannot nobody isnt arent wasnt werent doesnt dont didnt cant "
    "couldnt wont wouldnt shouldnt mustnt hasnt havent hadnt neednt instead rather except unlike unless"
)
ANSWERS = {"no": True, "nope": True, "yes": False, "yeah": False}  # what stands alone before a comma: turned or not
# Where what a negation turns around ends.
ENDS_NEGATION = words("but however although though because since so whereas while only otherwise if when that")

SEQUENCE = words("then first finally next afterwards before after")

FUNCTION_WORDS = words(
    "a an the is are was were be been being am it its it's this that these those of to in on at for with by from "
    "as and or so then than we you i he she they them your our their his her my me can could may might will would "
    "shall should must do does did done doing have has had having there here which who whom whose what when where "
    "how why if whether just also very really quite some any such into out over about onto upon too e.g i.e eg ie "
    "etc thing things something way kind get gets got let lets because since while but however although though "
    "only both all most more much even still yet now later until till during through via like rather instead not "
    "no never without cannot nothing neither nor none isnt arent wasnt werent doesnt dont didnt cant couldnt wont "
    "wouldnt shouldnt mustnt hasnt havent hadnt neednt except unlike unless use uses used using one's therefore "
    "hence thus otherwise"
)

NUMERALS = {
    "zero": "0", "nought": "0", "nil": "0", "half": "0.5", "one": "1", "single": "1", "two": "2", "twice": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip

# What is short for several words.
SEVERAL = {"rgb": ("red", "green", "blue"), "backprop": ("backpropagation",), "autograd": ("automatic", "gradient")}

# Signs in code, as the words with which they are read aloud.
SIGNS = {
    "!=": ("not", "equal"), "==": ("equal",), "-=": ("subtract",), "+=": ("add",), "**": ("square",),
    "*": ("multiply",), "//": ("floor-divide",), "%": ("remainder",), "&": ("remainder",), "+": ("add",),
    "@": ("matrix-multiply",), ">": ("larger",), "<": ("smaller",), ">=": ("larger",), "<=": ("smaller",),
}  # fmt: skip
