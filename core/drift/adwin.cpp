// ADWIN as a stage: the same integers and floats for every arithmetic, since what it watches are integers.
#include "drift/adwin.hpp"

#include "drift/value.hpp"
#include "image/selftest.hpp"
#include "memory/bytes.hpp"
#include "numbers/divide.hpp"
#include "numbers/float_log.hpp"
#include "numbers/float_scale.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t most_rows = 15;
constexpr std::int32_t most_buckets = 8; // windows of less than 2^18 values
constexpr std::int32_t most_frames = 1000000;

// d is the number of rows, k that of buckets in each.
constexpr std::uint32_t fields = 6;
constexpr Field table[fields] = {
    {Type::u32, Many::two, positive(20)}, {Type::i64, Many::one, both(41)}, {Type::u64, Many::one, any},
    {Type::u8, Many::d, most_k},          {Type::i64, Many::kd, both(37)}, // of 2^14 values at most
    {Type::u64, Many::kd, positive(60)},
};

bool shape(const Setup &s, Shape &out) {
    if (s.count != adwin_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const AdwinWords *>(s.words);
    out.set(s.inputs, {static_cast<std::uint32_t>(w.buckets), static_cast<std::uint32_t>(w.rows)}, fields);
    return unit_ok(w.unit) && within(w.rows, 1, most_rows) && within(w.buckets, 2, most_buckets) && w.delta >= 1 &&
           within(w.clock, 1, most_frames) && within(w.min_window, 1, most_frames) && within(w.grace, 0, most_frames) &&
           within(w.reset, 0, 1);
}

std::uint32_t sums_at(std::uint32_t rows) { return 24 + align8(rows); }

} // namespace

Adwin::Adwin(const Block &b)
    : w_(*reinterpret_cast<const AdwinWords *>(b.setup.words)), rows_(static_cast<std::uint32_t>(w_.rows)),
      buckets_(static_cast<std::uint32_t>(w_.buckets)), whole_(*at<Whole>(b.image, 0)),
      counts_(at<std::uint8_t>(b.image, sizeof(Whole))), sums_(at<std::uint64_t>(b.image, sums_at(rows_))),
      squares_(at<std::uint64_t>(b.image, sums_at(rows_) + 8 * rows_ * buckets_)) {}

// Row r without its `first` oldest buckets.
void Adwin::drop(std::uint32_t r, std::uint32_t first) const {
    const std::uint32_t n = count(r);
    for (std::uint32_t i = r * buckets_; i + first < r * buckets_ + n; ++i) {
        sums_[i] = sums_[i + first];
        squares_[i] = squares_[i + first];
    }
    counts_[r] = static_cast<std::uint8_t>(n - first);
}

// The oldest bucket of the longest row that has any.
void Adwin::drop_oldest() const {
    std::uint32_t r = rows_ - 1;
    while (r > 0 && counts_[r] == 0) {
        --r;
    }
    if (counts_[r] != 0) {
        whole_.sum -= sums_[r * buckets_];
        whole_.square -= squares_[r * buckets_];
        drop(r, 1);
    }
}

// Appends a bucket to row r. True: the row was full, and its two oldest ones left it together, by the same names.
bool Adwin::push(std::uint32_t r, std::uint64_t &sum, std::uint64_t &square) const {
    const std::uint32_t oldest = r * buckets_;
    const bool full = count(r) == buckets_;
    const std::uint64_t left_sum = sums_[oldest] + sums_[oldest + 1];
    const std::uint64_t left_square = squares_[oldest] + squares_[oldest + 1];
    if (full && r + 1 < rows_) {
        drop(r, 2);
    } else if (full) {
        drop_oldest();
    }
    const std::uint32_t newest = oldest + counts_[r]++;
    sums_[newest] = sum;
    squares_[newest] = square;
    sum = left_sum;
    square = left_square;
    return full;
}

void Adwin::insert(std::int32_t x) const {
    auto sum = static_cast<std::uint64_t>(std::int64_t{x});
    std::uint64_t square = sum * sum;
    whole_.sum += sum;
    whole_.square += square;
    for (std::uint32_t r = 0; r < rows_ && push(r, sum, square); ++r) {
    }
}

std::uint32_t Adwin::width() const {
    std::uint32_t n = 0;
    for (std::uint32_t r = 0; r < rows_; ++r) {
        n += count(r) << r;
    }
    return n;
}

Adwin::Limit Adwin::limit(std::uint32_t n) const {
    const auto mean = static_cast<std::uint64_t>(quotient_half_up(static_cast<std::int64_t>(whole_.sum), n));
    const std::uint64_t t = whole_.square - 2 * mean * whole_.sum + mean * mean * n;
    const auto count = static_cast<float>(n);
    const auto rest = static_cast<float>(static_cast<std::int64_t>(whole_.sum - mean * n));
    // t may have 64 bits: half of it, with its last bit for the rounding.
    const float scatter =
        2.0f * static_cast<float>(static_cast<std::int64_t>((t >> 1) | (t & 1))) - rest * rest / count;
    const float d = log(2.0f * log(count) / (static_cast<float>(w_.delta) * 0x1p-31f));
    const auto both = static_cast<float>(n + 2 - 2 * static_cast<std::uint32_t>(w_.min_window));
    return {2.0f * (scatter / count) * d * both, 0x1.555556p-1f * d * pow2(w_.unit) * both};
}

// Both sides times n0 n1: k = n0 n1 / ((n0 - least + 1) (n1 - least + 1)). Numbers of values are exact in float. Nothing but
// the last product can overflow, to infinity, where the left side is smaller anyway.
bool Adwin::differs(const Limit &limit, std::uint32_t n, std::uint32_t older, std::uint64_t older_sum) const {
    const auto least_less_1 = static_cast<float>(w_.min_window - 1);
    const auto n0 = static_cast<float>(older);
    const float n1 = static_cast<float>(n) - n0;
    if (n0 <= least_less_1 || n1 <= least_less_1) {
        return false;
    }
    const auto cut = static_cast<float>(static_cast<std::int64_t>(older_sum * n - whole_.sum * older));
    const float product = n0 * n1;
    const float k = product / ((n0 - least_less_1) * (n1 - least_less_1));
    const float beyond = (cut < 0.0f ? -cut : cut) - limit.straight * k;
    return beyond > 0.0f && beyond * beyond > limit.spread * k * product;
}

bool Adwin::any_cut_differs() const {
    const std::uint32_t n = width();
    if (n <= static_cast<std::uint32_t>(w_.grace) || n < 2) {
        return false;
    }
    const Limit limits = limit(n);
    std::uint32_t older = 0;
    std::uint64_t older_sum = 0;
    for (std::uint32_t r = rows_; r-- > 0;) {
        for (std::uint32_t i = r * buckets_; i < r * buckets_ + count(r); ++i) {
            older += 1u << r;
            older_sum += sums_[i];
            if (differs(limits, n, older, older_sum)) {
                return true;
            }
        }
    }
    return false;
}

bool Adwin::update(std::int32_t x) const {
    insert(x);
    const bool due = ++whole_.wait >= static_cast<std::uint32_t>(w_.clock);
    whole_.wait = due ? 0 : whole_.wait;
    const bool shrinking = whole_.shrinking != 0;
    if (!due && !shrinking) {
        return false;
    }
    const bool drift = any_cut_differs();
    whole_.shrinking = drift ? 1 : 0;
    if (drift && w_.reset != 0) {
        clear_bytes(&whole_, sums_at(rows_) + 16 * rows_ * buckets_);
    } else if (drift) {
        drop_oldest();
    }
    return drift && !shrinking;
}

namespace {

bool update(const Block &b, const void *x) { return Adwin(b).update(value_of(x)); }

constexpr DriftOps ops = {update, false};

// At the self-test. As struct AdwinWords.
constexpr std::int32_t test_words[] = {16, 4, 3, 1 << 28, 2, 2, 4, 0};

} // namespace

const KnownAnswer adwin_answer = {run_drift, test_words, length_of(test_words), 65, 1, 0, {0xB05D6A10}};

} // namespace twinbit

extern "C" {
const tb_stage tb_adwin = {
    65, twinbit::Role::drift, 0, 5, 0, twinbit::table, 0, twinbit::shape, twinbit::Ops(&twinbit::ops)};
}
