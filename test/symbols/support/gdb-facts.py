# gdb-facts.py: what gdb knows of a program, as JSON. Run inside gdb; the question is in the variable QUESTION.
#
# {"places": [pc…]}                 line of each address
# {"breaks": ["file:line" | name…]} addresses of breakpoints
# {"types": [name…]}                layouts
# {"stops": [location…]}            runs; at each stop: registers, memory, modules, frames and their variables
import base64, json, os, re, zlib
import gdb

question = json.loads(os.environ["QUESTION"])
answer = {}
UNSIGNED = (1 << 64) - 1


def places(pcs):
    found = []
    for pc in pcs:
        sal = gdb.find_pc_line(pc)
        name = sal.symtab.fullname() if sal.symtab else None
        function = gdb.block_for_pc(pc)
        while function and not function.function:
            function = function.superblock
        found.append({"path": name, "line": sal.line, "function": function.function.name if function else None})
    return found


def addresses(spec):
    try:
        breakpoint = gdb.Breakpoint(spec)
    except (gdb.error, RuntimeError):
        return []
    listing = gdb.execute("info breakpoints %d" % breakpoint.number, to_string=True)
    breakpoint.delete()
    return [int(address, 16) for address in re.findall(r"\b(0x[0-9a-f]{8,16})\b", listing)]


def layout(name):
    type = gdb.lookup_type(name)
    fields = []
    if type.strip_typedefs().code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        for field in type.strip_typedefs().fields():
            if hasattr(field, "bitpos"):
                fields.append(
                    {"name": field.name, "bit": field.bitpos, "bits": field.bitsize, "type": str(field.type), "size": field.type.sizeof}
                )
    return {"name": str(type), "size": type.sizeof, "fields": fields}


def variable(symbol, frame):
    try:
        value = symbol.value(frame)
        type = value.type.strip_typedefs()
        fact = {"name": symbol.name, "type": str(value.type), "size": value.type.sizeof}
        # A pointer to what has no address: for us it has no place either.
        if value.is_optimized_out or "synthetic pointer" in str(value):
            return dict(fact, lost=True)
        if value.address is not None:
            fact["address"] = str(int(value.address) & UNSIGNED)
        if type.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR):
            fact["value"] = str(int(value))
        elif type.code == gdb.TYPE_CODE_FLT and type.sizeof <= 8:
            fact["float"] = float(value)
        return fact
    except gdb.error as error:
        return {"name": symbol.name, "lost": True, "why": str(error)}


def variables(frame):
    found, seen = [], set()
    try:
        block = frame.block()
    except RuntimeError:
        return found
    while block:
        for symbol in block:
            if (symbol.is_variable or symbol.is_argument) and symbol.name not in seen:
                seen.add(symbol.name)
                found.append(variable(symbol, frame))
        if block.function:
            break
        block = block.superblock
    return found


def frames():
    found = []
    frame = gdb.newest_frame()
    while frame and len(found) < 40:
        sal = frame.find_sal()
        found.append(
            {
                "pc": str(frame.pc()),
                "function": "<signal handler called>" if frame.type() == gdb.SIGTRAMP_FRAME else frame.name(),
                "path": sal.symtab.fullname() if sal.symtab else None,
                "line": sal.line,
                "inlined": frame.type() == gdb.INLINE_FRAME,
                "rsp": str(int(frame.read_register("rsp")) & UNSIGNED),
                "variables": variables(frame),
            }
        )
        frame = frame.older()
    return found


REGISTERS = "rax rdx rcx rbx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split()


def snapshot():
    registers = [str(int(gdb.selected_frame().read_register(name)) & UNSIGNED) for name in REGISTERS]
    half = lambda index, part: int(gdb.selected_frame().read_register("xmm%d" % index)["v2_int64"][part]) & UNSIGNED
    vectors = [str(half(index, 0) | half(index, 1) << 64) for index in range(16)]
    inferior = gdb.selected_inferior()
    memory, modules = [], []
    with open("/proc/%d/maps" % inferior.pid) as maps:
        for line in maps:
            parts = line.split()
            low, high = (int(part, 16) for part in parts[0].split("-"))
            path = parts[5] if len(parts) > 5 else ""
            if path.startswith("/") and int(parts[2], 16) == 0 and path not in (known["path"] for known in modules):
                modules.append({"path": path, "base": str(low)})
            if parts[1].startswith("rw") and path != "[vvar]":
                low = max(low, high - (1 << 20))
                try:
                    data = bytes(inferior.read_memory(low, high - low))
                    memory.append({"address": str(low), "bytes": base64.b64encode(zlib.compress(data, 1)).decode()})
                except gdb.MemoryError:
                    pass
    addresses = {}
    for name in question.get("addresses", []):
        try:
            addresses[name] = str(int(gdb.parse_and_eval("&" + name)) & UNSIGNED)
        except gdb.error as error:
            addresses[name] = str(error)
    fs = str(int(gdb.selected_frame().read_register("fs_base")) & UNSIGNED)
    return {"registers": registers, "vectors": vectors, "fsBase": fs, "memory": memory, "modules": modules, "addresses": addresses, "frames": frames()}


def stops(locations):
    gdb.execute("handle SIGUSR1 SIGSEGV nostop noprint pass")
    gdb.execute("set backtrace past-main on")
    gdb.execute("set backtrace past-entry on")
    for location in locations:
        gdb.Breakpoint(location)
    found = []
    gdb.execute("run > /dev/null")
    while gdb.selected_inferior().pid and len(found) < question.get("limit", 12):
        found.append(snapshot())
        gdb.execute("continue")
    if gdb.selected_inferior().pid:
        gdb.execute("kill")
    return found


if "places" in question:
    answer["places"] = places(question["places"])
if "breaks" in question:
    answer["breaks"] = {spec: addresses(spec) for spec in question["breaks"]}
if "types" in question:
    answer["types"] = {name: layout(name) for name in question["types"]}
if "stops" in question:
    answer["stops"] = stops(question["stops"])
with open(os.environ["ANSWER"], "w") as output:
    json.dump(answer, output)
