"""The random numbers of Tweedie.Sampling.CounterNoise in plain Python: see docs/noise.md.

Usage: noise.py check|write GOLDEN.json; `check` prints "equal" and exits with 0, or prints the first difference and exits with 1.
"""
import json
import math
import struct
import sys

MASK = 0xFFFFFFFF
LEAST_MANTISSA = struct.unpack(">d", bytes.fromhex("3FE6A09E00000000"))[0]
LOG = [1 / (2 * n + 3) for n in range(9)]
SIN = [1.5707963267948966, -0.6459640975062463, 0.07969262624616705, -0.004681754135318688,
       0.00016044118478735983, -3.598843235212085e-06, 5.692172921967927e-08, -6.688035109811468e-10]
COS = [-1.2337005501361697, 0.25366950790104803, -0.02086348076335296, 0.0009192602748394266,
       -2.5202042373060607e-05, 4.710874778818172e-07, -6.386603083791852e-09, 6.565963114979473e-11]
TWO_LN_2 = 1.3862943611198906


def philox(key, counter):
    """Philox4x32-10: two words of key and four of counter to four random words."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def horner(coefficients, w):
    result = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = result * w + coefficient
    return result


def polynomial(coefficients, z):
    """Even and odd powers apart, in this order of operations."""
    return horner(coefficients[0::2], z * z) + z * horner(coefficients[1::2], z * z)


def radius(u):
    mantissa, exponent = math.frexp(u)
    if mantissa < LEAST_MANTISSA:
        mantissa, exponent = 2 * mantissa, exponent - 1
    s = (mantissa - 1) / (mantissa + 1)
    z = s * s
    return math.sqrt(-exponent * TWO_LN_2 - (4 * s + 4 * s * (z * polynomial(LOG, z))))


def direction(u):
    quarter = int(4 * u)
    r = 4 * u - quarter - 0.5
    z = r * r
    sin = r * polynomial(SIN, z)
    cos = 1 + z * polynomial(COS, z)
    return [(cos, sin), (-sin, cos), (-cos, -sin), (sin, -cos)][quarter]


class CounterNoise:
    def __init__(self, seed, step, purpose):
        self.key = seed & MASK, seed >> 32 & MASK
        self.tail = step & MASK, purpose & MASK

    def block(self, index):
        block = index >> 1
        words = philox(self.key, (block & MASK, block >> 32, *self.tail))
        return [((words[i + 1] << 20 | words[i] >> 12) + 0.5) / 2**52 for i in (0, 2)]

    def uniform(self, index):
        return self.block(index)[index & 1]

    def normal(self, index):
        u1, u2 = self.block(index)
        return radius(u1) * direction(u2)[index & 1]


def bits(form, number):
    return struct.pack(form, number).hex().upper()


def values(case):
    noise = CounterNoise(int(case["seed"]), case["step"], case["purpose"])
    indices = range(int(case["first"]), int(case["first"]) + case["count"])
    return {
        "uniform64": [bits(">d", noise.uniform(i)) for i in indices],
        "normal64": [bits(">d", noise.normal(i)) for i in indices],
        "normal32": [bits(">f", noise.normal(i)) for i in indices],
    }


def main(mode, path):
    with open(path, encoding="utf-8") as file:
        golden = json.load(file)
    for case in golden["cases"]:
        computed = values(case)
        for name, numbers in computed.items():
            if mode == "check" and case[name] != numbers:
                print(f"{name} of seed {case['seed']}, step {case['step']}, purpose {case['purpose']} from {case['first']}: {numbers}, not {case[name]}")
                return 1
        case.update(computed)
    if mode == "write":
        with open(path, "w", encoding="utf-8") as file:
            json.dump(golden, file, indent=2)
            file.write("\n")
    print("equal" if mode == "check" else "written")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
