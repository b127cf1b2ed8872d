// The frames of the self-test and the memory they are learned in.
#include "detectors/selftest.hpp"

#include "image/crc32.hpp"
#include "numbers/bits.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t features = 2;

template <std::uint32_t Image, std::uint32_t Scratch> struct Memory {
    alignas(8) std::uint8_t image[Image];
    alignas(8) std::uint8_t plan[48];
    alignas(8) std::uint8_t scratch[Scratch];
};

// The bits of v 2^-12 as a float, for |v| < 2^24: fixed-point firmware links no float code for its self-test.
std::uint32_t float_of_q12(std::int32_t v) {
    if (v == 0) {
        return 0;
    }
    const auto u = static_cast<std::uint32_t>(v < 0 ? -v : v);
    const int top = 31 - leading_zeros(u); // u = 1.f * 2^top
    const std::uint32_t fraction = (u << (23 - top)) & 0x7FFFFFu;
    return (v < 0 ? 0x80000000u : 0u) | (static_cast<std::uint32_t>(top - 12 + 127) << 23) | fraction;
}

// Number i of a frame, given in Q3.12, as a sample of the arithmetic, or as a raw value, which has 24 bits in Q15 too.
void put_sample(const tb_stage &stage, void *x, std::uint32_t i, std::int32_t q12) {
    auto *bytes = static_cast<std::uint8_t *>(x);
    if (stage.arithmetic == TB_Q15 && stage.refuses == refuses_raw) {
        const auto v = static_cast<std::int16_t>(q12);
        std::memcpy(bytes + 2 * i, &v, 2);
    } else {
        const auto q20 = static_cast<std::uint32_t>(q12 * (1 << (Q31::Sample::frac - 12)));
        const std::uint32_t v = stage.arithmetic == TB_F32 ? float_of_q12(q12) : q20;
        std::memcpy(bytes + 4 * i, &v, 4);
    }
}

// 24 frames that go to and fro around two points, by a linear congruence: the same on every machine.
std::uint32_t run(const tb_stage &stage, const Block &b) {
    std::uint32_t r = 12345;
    std::uint32_t crc = 0;
    for (int i = 0; i < 24; ++i) {
        alignas(4) std::uint8_t x[4 * features];
        for (std::uint32_t k = 0; k < features; ++k) {
            r = r * 1664525u + 1013904223u;
            put_sample(stage, x, k, static_cast<std::int32_t>(r >> 20) + (i % 2 == 0 ? 4096 : -8192));
        }
        std::int32_t score[2] = {0, 0};
        stage.ops.detector->learn(b, x, &score[0]);
        if (i >= 16) {
            stage.ops.detector->settle(b);
            score[1] = stage.ops.detector->score(b, x);
        }
        crc = crc32(crc, score, sizeof score);
    }
    return crc;
}

template <class Memory> __attribute__((noinline)) std::uint32_t digest(const tb_stage &stage) {
    Memory m = {};
    const Setup setup = {stage.ops.detector->test_words, stage.ops.detector->test_count, features};
    Shape shape = {};
    if (!stage.shape(setup, shape) || shape.plan > sizeof m.plan || shape.scratch > sizeof m.scratch) {
        return 0;
    }
    const std::uint32_t image = block_bytes(stage.fields, shape);
    if (image > sizeof m.image) {
        return 0;
    }
    const std::uint32_t scores = run(stage, {setup, m.image, m.scratch, m.plan});
    return crc32(scores, m.image, image);
}

} // namespace

std::uint32_t selftest_digest(const tb_stage &stage) {
    return stage.ops.detector->test_wide ? digest<Memory<960, 384>>(stage) : digest<Memory<160, 64>>(stage);
}

} // namespace twinbit
