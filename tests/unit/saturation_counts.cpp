// Every detector that learns, in fixed-point types that count their saturations, over a recording: none may saturate.
//
//     saturation_counts FILE
//
// FILE, little-endian: u32 frames, u32 features, u32 frames to learn from; then float32 samples by frames, within +-8.
// Run by tests/checks/test_saturation_on_data.py.
#include "detectors/autoencoder.hpp"
#include "detectors/bank.hpp"
#include "detectors/distance.hpp"
#include "detectors/elm.hpp"
#include "detectors/subspace.hpp"
#include "drift/centroid.hpp"

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

using namespace twinbit;

namespace {

struct Recording {
    std::uint32_t head[3] = {}; // frames, features, learned
    std::vector<float> values;

    bool read(const char *path) {
        std::ifstream file(path, std::ios::binary);
        file.read(reinterpret_cast<char *>(head), sizeof head);
        values.resize(std::size_t{head[0]} * head[1]);
        file.read(reinterpret_cast<char *>(values.data()), static_cast<std::streamsize>(4 * values.size()));
        return file.good() && head[2] <= head[0] && head[1] > 0;
    }
    const float *frame(std::uint32_t t) const { return values.data() + std::size_t{t} * head[1]; }
};

// The recording in an arithmetic.
template <class P> std::vector<typename P::Sample> samples(const Recording &r) {
    using Sample = typename P::Sample;
    std::vector<Sample> out;
    for (const float v : r.values) {
        const double raw = std::floor(std::ldexp(static_cast<double>(v), Sample::frac) + 0.5);
        out.push_back({static_cast<typename Sample::Rep>(raw)});
    }
    return out;
}

// A model that does nothing: what saturates in a bank of it are the scales of its modes, whose limit of +-8 is meant.
template <class P> struct Nothing {
    using Sample = typename P::Sample;
    struct State {
        static constexpr Field table[1] = {{Type::u32, Many::one, any}};
    };
    static constexpr std::uint32_t policy_words = 0;
    static bool shape(const Setup &s, Shape &out) {
        out.set(s.inputs, {0, s.inputs}, 1);
        return true;
    }
    explicit Nothing(const Block &) {}
    bool ready() const { return true; }
    bool prepare() { return true; }
    void settle() {}
    void new_epoch() {}
    tb_status learn(const Sample *, std::int32_t *) { return TB_OK; }
    std::int32_t score(const Sample *) const { return 0; }
    void explain(const Sample *, std::int32_t *) const {}
    tb_status can_merge(const std::uint8_t *, int) const { return TB_ERR_UNSUPPORTED; }
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
};

constexpr std::uint64_t any_number = UINT64_MAX;

// Learns and scores; may saturate `meant` times.
template <class Detector, class Sample>
bool run(const char *name, const char *arithmetic, const Recording &r, const std::vector<Sample> &x,
         const std::vector<std::int32_t> &words, std::uint64_t meant = 0) {
    const std::uint32_t d = r.head[1];
    const Setup setup = {words.data(), static_cast<std::uint32_t>(words.size()), d};
    Shape shape = {};
    if (!Detector::shape(setup, shape)) {
        std::printf("FAIL %s: no such recipe\n", name);
        return false;
    }
    std::vector<std::uint64_t> image(block_bytes(Detector::State::table, shape) / 8), scratch(shape.scratch / 8 + 1),
        plan(shape.plan / 8 + 1);
    const auto bytes = [](std::vector<std::uint64_t> &v) { return reinterpret_cast<std::uint8_t *>(v.data()); };
    Detector detector({setup, bytes(image), bytes(scratch), bytes(plan)});
    Count::clips = 0;
    bool learned = true;
    for (std::uint32_t t = 0; t < r.head[2]; ++t) {
        learned = detector.learn(x.data() + std::size_t{t} * d, nullptr) == TB_OK && learned;
    }
    double sum = 0;
    for (std::uint32_t t = 0; t < r.head[0]; ++t) {
        sum += detector.score(x.data() + std::size_t{t} * d) / 65536.0;
    }
    const bool fine = learned && (Count::clips == meant || meant == any_number);
    std::printf("%-4s %-16s %s learned %" PRIu32 " scored %" PRIu32 " saturated %" PRIu64 " times, mean score %.3f\n",
                fine ? "ok" : "FAIL", name, arithmetic, r.head[2], r.head[0], Count::clips, sum / r.head[0]);
    return fine;
}

// Watches centroids over the whole recording.
template <class P> bool watch(const char *arithmetic, const Recording &r, const std::vector<typename P::Sample> &x) {
    const std::vector<std::int32_t> words = {6, 2, 16, 400, 200, 21475, 16384, 1};
    const Setup setup = {words.data(), static_cast<std::uint32_t>(words.size()), r.head[1]};
    Shape shape = {};
    if (!CentroidDrift<P>::shape(setup, shape)) {
        std::printf("FAIL centroid drift: no such recipe\n");
        return false;
    }
    std::vector<std::uint64_t> image(block_bytes(CentroidDrift<P>::State::table, shape) / 8);
    CentroidDrift<P> drift({setup, reinterpret_cast<std::uint8_t *>(image.data()), nullptr, nullptr});
    Count::clips = 0;
    std::uint32_t told = 0;
    for (std::uint32_t t = 0; t < r.head[0]; ++t) {
        told += drift.update(x.data() + std::size_t{t} * r.head[1]) ? 1u : 0u;
    }
    std::printf("%-4s %-16s %s watched %" PRIu32 " saturated %" PRIu64 " times, told %" PRIu32 " drifts\n",
                Count::clips == 0 ? "ok" : "FAIL", "centroid drift", arithmetic, r.head[0], Count::clips, told);
    return Count::clips == 0;
}

template <class P> bool all(const char *arithmetic, const Recording &r) {
    const auto x = samples<P>(r);
    const std::vector<std::int32_t> net = {7, 0, 1, 4, 1, 0, 214748365, 0, 0, 0, 0, 0, 0}; // 4 tanh units, rate 0.1
    const std::vector<std::int32_t> deep = {7, 1,         3,   8,        3,       4,       2, 8, 1,
                                            0, 107374182, 500, 21474836, 1 << 30, 1 << 17, 0, 0};
    const std::vector<std::int32_t> elm = {7, 16, 1, 0, 0xFFFF, 65536, 0};
    const std::vector<std::int32_t> forgetting = {7, 16, 3, 0, 0xFFFF, 65536, 200};
    const std::vector<std::int32_t> subspace = {4, 0, 0};
    const std::vector<std::int32_t> window = {4, 131072, 200};
    const auto bank = [](std::vector<std::int32_t> words) {
        words.insert(words.begin(), 4);
        words.push_back(20);
        return words;
    };
    bool fine = run<Autoencoder<P>>("autoencoder", arithmetic, r, x, net);
    fine = run<Autoencoder<P>>("deep autoencoder", arithmetic, r, x, deep) && fine;
    fine = run<Elm<P>>("ELM", arithmetic, r, x, elm) && fine;
    fine = run<Elm<P>>("forgetting ELM", arithmetic, r, x, forgetting) && fine;
    fine = run<Subspace<P>>("subspace", arithmetic, r, x, subspace) && fine;
    fine = run<Subspace<P>>("window", arithmetic, r, x, window) && fine;
    fine = run<DistanceToModes<P>>("distance", arithmetic, r, x, {4, diagonal, 6554, 0, 20}) && fine;
    fine = run<DistanceToModes<P>>("distance shared", arithmetic, r, x, {4, shared, 6554, 0, 20}) && fine;
    fine = watch<P>(arithmetic, r, x) && fine;
    run<Bank<Nothing<P>, P>>("(scales of modes)", arithmetic, r, x, bank({}), any_number);
    const std::uint64_t scales = Count::clips;
    fine = run<Bank<Autoencoder<P>, P>>("bank autoencoder", arithmetic, r, x, bank(net), scales) && fine;
    fine = run<Bank<Elm<P>, P>>("bank ELM", arithmetic, r, x, bank(elm), scales) && fine;
    return run<Bank<Subspace<P>, P>>("bank subspace", arithmetic, r, x, bank(subspace), scales) && fine;
}

} // namespace

int main(int count, char **words) {
    Recording recording;
    if (count != 2 || !recording.read(words[1])) {
        std::fputs("saturation_counts FILE\n", stderr);
        return 2;
    }
    const bool q15 = all<Q15With<Count>>("q15", recording);
    return all<Q31With<Count>>("q31", recording) && q15 ? 0 : 1;
}
