# gdb-print.py: what gdb makes of expressions in a frame. Run inside gdb; the question is in the variable QUESTION.
#
# {"function": name, "expressions": [text…]}: stops in stop_here, goes up to the function, evaluates.
import json, os
import gdb

question = json.loads(os.environ["QUESTION"])
gdb.Breakpoint("stop_here")
gdb.execute("run > /dev/null")
frame = gdb.newest_frame()
while frame.name() != question["function"]:
    frame = frame.older()
frame.select()


def evaluated(expression):
    try:
        value = gdb.parse_and_eval(expression)
        size = value.type.sizeof
        text = gdb.execute("output " + expression, to_string=True)
        # A bit-field's value and one without a place, widened by gdb itself.
        code = value.type.strip_typedefs().code
        whole = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_PTR)
        number = str(int(value)) if code in whole else None
        return {"type": str(value.type), "size": size, "number": number, "text": text}
    except (gdb.error, RuntimeError) as error:
        return {"error": str(error)}


answer = [evaluated(each) for each in question["expressions"]]
with open(os.environ["ANSWER"], "w") as output:
    json.dump(answer, output)
gdb.execute("kill")
