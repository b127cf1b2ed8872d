// Firmware for instruction_cost.py: what an autoencoder's score and learning step cost on this machine, in ticks.
//
// "score" is what the detector does to get |e|^2, "learn" the same and the step. The logarithm of |e|^2, which the
// monitor needs of every detector, is told apart as "level".
#include "detectors/autoencoder.hpp"

extern "C" {
#include "platform.h"
}

using namespace twinbit;

namespace {

constexpr int warm = 100;                // frames learned before counting begins
constexpr int counted = 16;              // frames
constexpr std::int32_t rate = 214748365; // 0.1

alignas(8) std::uint8_t image[20480], scratch[4096], plan[64];
alignas(8) std::int32_t frame[128];

std::uint32_t noise() {
    static std::uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 16;
}

// Three hidden factors and a little noise, in Q3.12.
void next_frame(std::uint32_t d) {
    std::int32_t factor[3];
    for (auto &f : factor) {
        f = static_cast<std::int32_t>(noise() & 8191) - 4096;
    }
    for (std::uint32_t i = 0; i < d; ++i) {
        const std::int32_t own = static_cast<std::int32_t>(noise() & 511) - 256;
        frame[i] = factor[i % 3] + factor[(i / 3) % 3] / 2 + own;
    }
}

template <class P> typename P::Sample sample_of(std::int32_t q12) {
    return {static_cast<typename P::Sample::Rep>(q12 * (1 << (P::Sample::frac - 12)))};
}
template <> float sample_of<F32>(std::int32_t q12) { return static_cast<float>(q12) * 0x1p-12f; }

// The least of several counts of nothing: what counting itself costs.
std::uint32_t empty() {
    std::uint32_t least = UINT32_MAX;
    for (int i = 0; i < 8; ++i) {
        const std::uint32_t start = platform_ticks();
        __asm__ volatile("" ::: "memory");
        const std::uint32_t ticks = platform_ticks_since(start);
        least = ticks < least ? ticks : least;
    }
    return least;
}

template <class Call> __attribute__((noinline)) std::uint32_t ticks_of(Call call) {
    const std::uint32_t start = platform_ticks();
    call();
    return platform_ticks_since(start);
}

void print(std::uint32_t value) {
    char digits[12];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    platform_print(" ");
    platform_print(at);
}

template <class P> void count(const char *name, std::uint32_t d, std::uint32_t hidden) {
    using Detector = Autoencoder<P>;
    const std::int32_t words[] = {1, 0, 1, static_cast<std::int32_t>(hidden), 1, 0, rate, 0, 0, 0, 0, 0, 0};
    const Block block = {{words, sizeof words / sizeof *words, d}, image, scratch, plan};
    Shape shape = {};
    if (!Detector::shape(block.setup, shape) || block_bytes(Detector::State::table, shape) > sizeof image ||
        shape.scratch > sizeof scratch || shape.plan > sizeof plan) {
        platform_print("no room\n");
        platform_exit(1);
    }
    std::memset(image, 0, sizeof image);
    std::memset(plan, 0, sizeof plan);
    Detector detector(block);
    typename P::Sample x[128];
    std::uint32_t error = 0, score = 0, learn = 0;
    for (int t = 0; t < warm + counted; ++t) {
        next_frame(d);
        for (std::uint32_t i = 0; i < d; ++i) {
            x[i] = sample_of<P>(frame[i]);
        }
        if (t < warm) {
            detector.learn(x, nullptr);
            continue;
        }
        error += ticks_of([&] { (void)detector.error(x); }) - empty();
        score += ticks_of([&] { (void)detector.score(x); }) - empty();
        learn += ticks_of([&] { (void)detector.learn(x, nullptr); }) - empty();
    }
    platform_print("instruction-cost ");
    platform_print(name);
    print(d);
    print(hidden);
    print(error);
    print(learn);
    print(score - error);
    print(counted);
    platform_print("\n");
}

} // namespace

int main() {
    const std::uint32_t shapes[2][2] = {{32, 8}, {128, 16}};
    for (const auto &shape : shapes) {
        count<F32>("f32", shape[0], shape[1]);
        count<Q15>("q15", shape[0], shape[1]);
        count<Q31>("q31", shape[0], shape[1]);
    }
    return 0;
}
