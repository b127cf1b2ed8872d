// The guard of the floating-point environment: a hostile setting is undone inside and given back after.
#include "numbers/environment.hpp"

#include "catch.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

using namespace twinbit;

TEST_CASE("the test program itself runs in the environment that twinbit needs") { REQUIRE(float_environment_ok()); }

TEST_CASE("a guard in a good environment changes nothing") {
    {
        const FloatEnvironment guard;
        REQUIRE(float_environment_ok());
    }
    REQUIRE(float_environment_ok());
}

#if defined(__SSE2__)

namespace {

// Every way to spoil MXCSR: flush to zero, denormals are zero, three roundings, an exception unmasked.
constexpr unsigned int hostile[] = {0x9F80u, 0x1FC0u, 0x3F80u, 0x5F80u, 0x7F80u, 0x1E80u, 0xFF40u};

// 1e-38 / 8 is subnormal: 0 where results are flushed. 1 + 2^-24 goes down and 1 + 1.5 * 2^-24 up only to nearest.
bool computes_well() {
    volatile float tiny = 1e-38f;
    volatile float eighth = 0.125f;
    volatile float small = tiny * eighth;
    volatile float back = small * 8.0f;
    volatile float one = 1.0f;
    volatile float minus = -1.0f;
    return small != 0.0f && back > 0.9e-38f && one + 0x1p-24f == 1.0f && minus - 0x1p-24f == -1.0f &&
           one + 0x1.8p-24f == 0x1.000002p0f;
}

} // namespace

TEST_CASE("a guard undoes a hostile environment and gives it back") {
    const unsigned int original = _mm_getcsr();
    for (const unsigned int setting : hostile) {
        _mm_setcsr(setting);
        const bool seen = !float_environment_ok();
        bool good = false;
        {
            const FloatEnvironment guard;
            const FloatEnvironment nested;
            good = float_environment_ok() && computes_well();
        }
        const unsigned int after = _mm_getcsr();
        _mm_setcsr(original);
        CAPTURE(setting);
        REQUIRE(seen);
        REQUIRE(good);
        REQUIRE(after == setting);
    }
}

TEST_CASE("the hostile environments are hostile") {
    const unsigned int original = _mm_getcsr();
    for (const unsigned int setting : hostile) {
        if (setting != 0x1E80u) { // an unmasked exception would end the program
            _mm_setcsr((setting & ~0x3Fu) | 0x1F80u);
            const bool well = computes_well();
            _mm_setcsr(original);
            CAPTURE(setting);
            REQUIRE_FALSE(well);
        }
    }
}

#endif
