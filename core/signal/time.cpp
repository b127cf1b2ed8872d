// The extractor `time`: see time.hpp.
#include "signal/time.hpp"

#include "image/selftest.hpp"
#include "signal/chain.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t kinds = static_cast<std::uint32_t>(TimeFeature::count);

std::uint32_t mask(const Setup &s) { return static_cast<std::uint32_t>(s.words[0]); }
bool fused(const Setup &s) { return s.words[1] != 0; }

std::uint32_t features_of(std::uint32_t mask) {
    std::uint32_t n = 0;
    for (; mask != 0; mask &= mask - 1) {
        ++n;
    }
    return n;
}

bool shape(const Setup &s, Shape &out) {
    if (s.window == 0 || s.count != 2 || s.words[0] < 1 || s.words[0] >= (1 << kinds) || s.words[1] < 0 ||
        s.words[1] > 1) {
        return false;
    }
    out.set(features_of(mask(s)) * (fused(s) ? 1 : s.inputs), {0, 0}, 0);
    return true;
}

// sum / n. Sums of 64 axes fit 32 bits: 2^6 2^23.
float divided(float sum, std::uint32_t n) { return sum / static_cast<float>(n); }
std::int32_t divided(std::int32_t sum, std::uint32_t n) { return static_cast<std::int32_t>(quotient_half_up(sum, n)); }

// One feature of one axis, where the features of all axes are one: summed, and divided with the last axis.
template <class Raw> Raw joined(Raw sum, Raw one, std::uint32_t axis, std::uint32_t axes) {
    sum = axis == 0 ? one : sum + one;
    return axis + 1 == axes ? divided(sum, axes) : sum;
}

template <class Raw> void axis(const Block &b, const void *column, std::uint32_t axis, void *features) {
    const std::uint32_t wanted = mask(b.setup);
    const TimeFeatures<Raw> x(static_cast<const Raw *>(column), b.setup.window, wanted);
    auto *out = static_cast<Raw *>(features) + (fused(b.setup) ? 0 : axis * features_of(wanted));
    for (std::uint32_t kind = 0; kind < kinds; ++kind) {
        if (((wanted >> kind) & 1u) != 0) {
            const Raw v = x(static_cast<TimeFeature>(kind));
            *out = fused(b.setup) ? joined(*out, v, axis, b.setup.inputs) : v;
            ++out;
        }
    }
}

constexpr ExtractorOps ops_float = {&chain, nullptr, axis<float>};
constexpr ExtractorOps ops_fixed = {&chain, nullptr, axis<std::int32_t>};

constexpr tb_stage time_stage(std::uint8_t arithmetic, const ExtractorOps *ops) {
    return {41, Role::extractor, arithmetic, 0, 0, nullptr, 0, shape, Ops(ops)};
}

// At the self-test. All features, fused.
constexpr std::int32_t test_words[] = {(1 << kinds) - 1, 1};

} // namespace

const KnownAnswer time_answer = {
    run_extractor, test_words, length_of(test_words), 41, 2, 16, {0xAB6F87E9, 0x8951B899, 0x8951B899}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_time_f32 = time_stage(TB_F32, &ops_float);
const tb_stage tb_time_q15 = time_stage(TB_Q15, &ops_fixed);
const tb_stage tb_time_q31 = time_stage(TB_Q31, &ops_fixed);
}
