// Every function in core/numbers gives the bits it gave on the first day, on every compiler and target. A digest that
// moves is a change of the promise: raise the numerics version and say so, or find the compiler flag that did it.
#include "numbers_digest.hpp"

#include "catch.hpp"

#include <cstring>
#include <iterator>

namespace {

struct Known {
    const char *name;
    std::uint32_t value;
};

// The same from GCC 12 and clang 14 on x86-64 and GCC 12 on i386, AArch64, ARMv7 and Cortex-M0 (no float hardware), M4F
// and M55, at -O0 to -O3.
constexpr Known known[] = {
    {"exp", 0x8EB70704u},      {"exp2", 0x98B2D05Au},       {"log", 0xAF21F462u},      {"log2", 0x20D4852Cu},
    {"tanh", 0xC55B00E7u},     {"sigmoid", 0x448F26CDu},    {"sin", 0xF5965DB9u},      {"cos", 0x43CDB736u},
    {"sqrt", 0x6F5FB0BAu},     {"scale_pow2", 0xD6BF4A45u}, {"log2_q24", 0x65B68DB7u}, {"log2_q24 float", 0xEB542495u},
    {"exp2_q16", 0x1BA678DFu}, {"isqrt64", 0xD3CAE0A2u},    {"fixed 16", 0x22745077u}, {"fixed 32", 0x4E49C857u},
    {"phase", 0x074A03D9u},    {"mul, div", 0xD3FB1E79u},
};

} // namespace

TEST_CASE("every function of core/numbers has its known digest") {
    std::size_t next = 0;
    numbers_digest::all([&next](const char *name, std::uint32_t value) {
        CAPTURE(name);
        REQUIRE(next < std::size(known));
        CHECK(std::strcmp(known[next].name, name) == 0);
        CHECK(known[next].value == value);
        ++next;
    });
    REQUIRE(next == std::size(known));
}
