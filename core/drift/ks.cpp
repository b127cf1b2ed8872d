// The KS stage. Words: see KsWords and capi/RECIPE.md.
#include "drift/ks.hpp"

#include "image/selftest.hpp"
#include "numbers/fixed_log2.hpp"
#include "numbers/fixed_sqrt.hpp"

namespace twinbit {

namespace {

// struct KsPlace; the ring; the older part in the order of size, then the newer one.
constexpr std::uint32_t fields = 4;
constexpr Field table[fields] = {{Type::u32, Many::two, most_k},
                                 {Type::u32, Many::one, positive(16)},
                                 {Type::i32, Many::k, both(23)},
                                 {Type::i32, Many::k, both(23)}};

bool shape(const Setup &s, Shape &out) {
    if (s.count != ks_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const KsWords *>(s.words);
    out.set(s.inputs, {static_cast<std::uint32_t>(w.window), 0}, fields);
    return unit_ok(w.unit) && w.window >= 2 && w.window <= most_window && w.recent >= 1 && w.recent < w.window &&
           w.alpha >= 1;
}

// Where v lies among `size` sorted values; some place where they are not sorted (forged).
std::uint32_t find(const std::int32_t *sorted, std::uint32_t size, std::int32_t v) {
    std::uint32_t at = 0;
    while (size > 1) {
        const std::uint32_t half = size / 2;
        at += sorted[at + half - 1] < v ? half : 0;
        size -= half;
    }
    return at;
}

// Puts v among `size` sorted values, of which the one at `at` goes.
void replace(std::int32_t *sorted, std::uint32_t size, std::uint32_t at, std::int32_t v) {
    for (; at > 0 && sorted[at - 1] > v; --at) {
        sorted[at] = sorted[at - 1];
    }
    for (; at + 1 < size && sorted[at + 1] < v; ++at) {
        sorted[at] = sorted[at + 1];
    }
    sorted[at] = v;
}

} // namespace

// D > sqrt(q / 2) sqrt((n + m) / (n m)), q = -ln(alpha / 2), is N^2 > q (n + m) n m / 2; N and N^2 are whole.
std::uint32_t ks_limit(std::uint32_t n, std::uint32_t m, std::int32_t alpha) {
    constexpr std::int64_t ln2 = 1488522236; // Q0.31
    const std::int64_t log2 = (std::int64_t{32} << 24) - log2_q24(static_cast<std::uint64_t>(alpha));
    const auto q = static_cast<std::uint64_t>(half_up(log2 * ln2, 31)); // Q5.24
    return isqrt64((n + m) * n * m * q >> 25).root;
}

std::int32_t ks_distance(const std::int32_t *older, std::uint32_t n, const std::int32_t *newer, std::uint32_t m) {
    std::int32_t most = 0;
    const auto wider = [&most](std::int32_t d) { most = d > most ? d : (-d > most ? -d : most); };
    const auto gap = [n, m](std::uint32_t i, std::uint32_t j) { return static_cast<std::int32_t>(m * i - n * j); };
    std::uint32_t i = 0;
    for (std::uint32_t j = 0; j < m;) {
        const std::int32_t v = newer[j];
        for (; i < n && older[i] < v; ++i) {
        }
        wider(gap(i, j)); // just below v
        for (; i < n && older[i] == v; ++i) {
        }
        for (; j < m && newer[j] == v; ++j) {
        }
        wider(gap(i, j));
    }
    return most;
}

Ks::Ks(const Block &b)
    : w_(*reinterpret_cast<const KsWords *>(b.setup.words)), window_(static_cast<std::uint32_t>(w_.window)),
      m_(static_cast<std::uint32_t>(w_.recent)), n_(window_ - m_), place_(*at<KsPlace>(b.image, 0)),
      ring_(at<std::int32_t>(b.image, sizeof(KsPlace))),
      older_(at<std::int32_t>(b.image, sizeof(KsPlace) + align8(4 * window_))), newer_(older_ + n_) {}

bool Ks::differ() {
    if (place_.slack >= window_) {
        place_.slack -= window_;
        return false;
    }
    const auto distance = static_cast<std::uint32_t>(ks_distance(older_, n_, newer_, m_));
    const std::uint32_t most = ks_limit(n_, m_, w_.alpha);
    place_.slack = distance > most ? 0 : most - distance;
    return distance > most;
}

void Ks::take(std::int32_t x) {
    const std::uint32_t held = place_.held;
    const std::uint32_t next = place_.next < window_ ? place_.next : 0;
    if (held < m_) {
        replace(newer_, held + 1, held, x);
    } else { // the oldest of the newer part becomes the newest of the older part
        const std::uint32_t from = next + n_ < window_ ? next + n_ : next - m_;
        const std::int32_t passed = ring_[from];
        replace(newer_, m_, find(newer_, m_, passed), x);
        if (held < window_) {
            replace(older_, held - m_ + 1, held - m_, passed);
        } else {
            replace(older_, n_, find(older_, n_, ring_[next]), passed);
        }
    }
    ring_[next] = x;
    place_.next = next + 1 < window_ ? next + 1 : 0;
    place_.held = held < window_ ? held + 1 : window_;
}

bool Ks::update(std::int32_t x) {
    take(x);
    const bool told = place_.held == window_ && differ();
    place_.held = told ? m_ : place_.held;
    return told;
}

namespace {

bool update(const Block &b, const void *x) { return Ks(b).update(value_of(x)); }

constexpr DriftOps ops = {update, false};

// At the self-test. As struct KsWords.
constexpr std::int32_t test_words[] = {16, 12, 4, 1 << 28};

} // namespace

const KnownAnswer ks_answer = {run_drift, test_words, length_of(test_words), 66, 1, 0, {0x934F255A}};

} // namespace twinbit

extern "C" {
const tb_stage tb_ks = {
    66, twinbit::Role::drift, 0, 1, 0, twinbit::table, 0, twinbit::shape, twinbit::Ops(&twinbit::ops)};
}
