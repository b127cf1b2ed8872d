// Envelope spectra as a stage of a recipe: see envelope.hpp.
#include "signal/envelope.hpp"

#include "image/selftest.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/float_sqrt.hpp"
#include "signal/signal_stage.hpp"

namespace twinbit {

namespace {

// Conjugates the points low ... high - 1 of a spectrum of n samples into n/2 points, 0 elsewhere.
template <class T> void conjugate_band(const T *x, std::uint32_t low, std::uint32_t high, std::uint32_t n, T *out) {
    for (std::uint32_t k = 0; k < n / 2; ++k) {
        const bool inside = k >= low && k < high;
        out[2 * k] = inside ? x[2 * k] : T{0};
        out[2 * k + 1] = inside ? -x[2 * k + 1] : T{0};
    }
}

// |z|^2, or (Re z)^2
template <class T> typename Power<T>::Sum squared(const T *z, bool rectify) {
    return Power<T>::of(z[0], rectify ? T{0} : z[1]);
}

// Roots of m squares into the first half of their place, with the mean taken off; returns the exponent of their unit.
std::int32_t magnitudes(std::int32_t *z, std::uint32_t m, bool rectify) {
    std::uint64_t any = 0;
    for (std::uint32_t j = 0; j < m; ++j) {
        any |= squared(z + 2 * j, rectify);
    }
    const std::int32_t zeros = any == 0 ? 6 : leading_zeros(any); // at least 4, since |z| <= 2^29.5
    const std::int32_t up = (zeros - 6) >> 1;                     // squares below 2^58
    std::uint64_t sum = 0;
    for (std::uint32_t j = 0; j < m; ++j) {
        const std::uint64_t p = squared(z + 2 * j, rectify);
        const std::uint64_t root = isqrt64_rounded(up < 0 ? p >> 2 : p << (2 * up));
        z[j] = static_cast<std::int32_t>(root);
        sum += root;
    }
    const auto middle = static_cast<std::int32_t>(divide(sum + m / 2, m));
    for (std::uint32_t j = 0; j < m; ++j) {
        z[j] -= middle;
    }
    return -up;
}

std::int32_t magnitudes(float *z, std::uint32_t m, bool rectify) {
    for (std::uint32_t j = 0; j < m; ++j) {
        z[j] = sqrt(squared(z + 2 * j, rectify));
    }
    const float middle = mean(z, m);
    for (std::uint32_t j = 0; j < m; ++j) {
        z[j] -= middle;
    }
    return 0;
}

// Octaves that turn the last transform into the envelope's own: 2 m in fixed point, where two transforms divided by m and
// n = 2 m; 1 / m^2 in float.
std::int32_t demodulation_offset(const std::int32_t *, std::uint32_t m) { return 65536 + 2 * half_log2(m); }
std::int32_t demodulation_offset(const float *, std::uint32_t m) { return -4 * half_log2(m); }

} // namespace

template <class T> bool Envelope<T>::shape(const Setup &s, Shape &out) {
    if (s.count < own_words + BandWords::count_of_words) {
        return false;
    }
    const BandWords w(s.words + own_words);
    const std::uint32_t n = w.size();
    const auto half = static_cast<std::int32_t>(n / 2);
    if (!w.are_good(s.count - own_words, s.window, n / 4 + 1) || n % 4 != 0 || s.words[0] < 1 ||
        s.words[1] <= s.words[0] || s.words[1] > half || (s.words[2] != 0 && s.words[2] != 1)) {
        return false;
    }
    out.set(w.features() * (w.fused() ? 1 : s.inputs), {}, 0, 8 * n + BandSums<T>::bytes(w),
            fft_plan_bytes(n) + align8(taper_bytes(w.taper(), n / 2)));
    return true;
}

template <class T> void Envelope<T>::segment(const T *x, BandSums<T> &sums) const {
    const std::uint32_t m = n_ / 2;
    const std::int32_t *own = block_.setup.words;
    T *in = at<T>(block_.scratch, 0);
    T *out = at<T>(block_.scratch, 4 * n_);
    std::int32_t e = load(x, n_, static_cast<const T *>(nullptr), in, 1);
    fft_.real(in, out);
    conjugate_band(out, static_cast<std::uint32_t>(own[0]), static_cast<std::uint32_t>(own[1]), n_, in);
    e += load(in, n_, static_cast<const T *>(nullptr), in, 1);
    fft_.complex(in, out);
    e += magnitudes(out, m, own[2] != 0);
    e += load(out, m, words_.taper() != Taper::rectangular ? taper_ : nullptr, in, 2);
    for (std::uint32_t j = 0; j < m; ++j) {
        in[2 * j + 1] = 0;
    }
    fft_.complex(in, out);
    out[1] = out[m]; // the point at half the rate, where Fft::real would put it
    sums.add(out, m, e);
}

template <class T> void Envelope<T>::axis(const T *column, std::uint32_t axis, T *features) const {
    BandSums<T> sums(block_, words_, block_.scratch + 8 * n_);
    sums.begin(axis);
    for (std::uint32_t s = 0; s < words_.segments(block_.setup.window); ++s) {
        segment(column + s * words_.hop(), sums);
    }
    sums.finish(column, axis, demodulation_offset(column, n_ / 2), features);
}

template class Envelope<std::int32_t>;
template class Envelope<float>;

namespace {

// At the self-test. Low, high, Hilbert; Hann, each axis by itself, 3 bands of equal width.
constexpr std::int32_t test_words[] = {8, 24, 0, 64, 8, 1, 0, 0, 0, -10 * TB_SCORE_ONE, 3, 1, 5};

} // namespace

const KnownAnswer envelope_answer = {
    run_extractor, test_words, length_of(test_words), 43, 2, 64, {0xBA09EA06, 0xABE4D90A, 0xABE4D90A}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_envelope_f32 = ExtractorStage<Envelope, F32, 43>::stage;
const tb_stage tb_envelope_q15 = ExtractorStage<Envelope, Q15, 43>::stage;
const tb_stage tb_envelope_q31 = ExtractorStage<Envelope, Q31, 43>::stage;
}
