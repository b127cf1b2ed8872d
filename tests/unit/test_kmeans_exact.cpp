// k-means in fixed point against an oracle that knows the header's formulas only: exact sums in 128 bits, floor divisions,
// logarithms in long double. Every decision and every byte of the statistics must be the same.
#include "fixtures.hpp"

#include <cmath>

using namespace fixtures;

namespace {

using Wide = __int128;

Wide floor_div(Wide a, Wide b) {
    const Wide q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

Wide round_half_up(Wide a, Wide b) { return floor_div(2 * a + b, 2 * b); }

struct Cluster {
    Wide n = 0;
    Wide spread = 0; // Q.24
    std::vector<Wide> sum, centroid;
};

// Samples in units of 2^-frac, distances in Q.24.
class Oracle {
  public:
    Oracle(std::uint32_t clusters, std::uint32_t d, int frac) : clusters_(clusters), d_(d), frac_(frac) {}

    std::vector<Cluster> open;
    int fused = 0;

    Wide distance(const std::vector<Wide> &a, const std::vector<Wide> &b) const {
        Wide sum = 0;
        for (std::uint32_t i = 0; i < d_; ++i) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        const int surplus = 2 * frac_ - 24;
        return surplus == 0 ? sum : round_half_up(sum, Wide{1} << surplus);
    }

    std::size_t nearest(const std::vector<Wide> &x) const {
        std::size_t best = 0;
        for (std::size_t j = 1; j < open.size(); ++j) {
            best = distance(x, open[j].centroid) < distance(x, open[best].centroid) ? j : best;
        }
        return best;
    }

    Wide pooled() const {
        Wide spread = 0;
        Wide n = 0;
        for (const Cluster &c : open) {
            spread += c.spread;
            n += c.n;
        }
        return n > 0 ? spread / n : 0;
    }

    // Octaves.
    long double score(const std::vector<Wide> &x) const {
        const Cluster &c = open[nearest(x)];
        const Wide own = (c.spread + 32 * pooled()) / (c.n + 32) + d_;
        const Wide d = distance(x, c.centroid) + d_;
        return 0.5L * std::log2(static_cast<long double>(d) / static_cast<long double>(own));
    }

    void learn(const std::vector<Wide> &x) {
        const Wide d = open.empty() ? Wide{0} : distance(x, open[nearest(x)].centroid);
        if (open.size() < clusters_ && (open.empty() || d > 0)) {
            open.push_back(begun(x));
        } else if (open.size() < 2 || !(d > 4 * pooled()) || !split(x, d)) {
            Cluster &c = open[nearest(x)];
            c.n += 1;
            c.spread += d;
            add(c, x);
            settle(c);
        }
    }

  private:
    static Cluster begun(const std::vector<Wide> &x) { return {1, 0, x, x}; }
    void add(Cluster &c, const std::vector<Wide> &x) const {
        for (std::uint32_t i = 0; i < d_; ++i) {
            c.sum[i] += x[i];
        }
    }
    void settle(Cluster &c) const {
        for (std::uint32_t i = 0; i < d_; ++i) {
            c.centroid[i] = round_half_up(c.sum[i], c.n);
        }
    }

    // The two closest clusters become one and x opens the other's place, if x is farther than they are from each other.
    bool split(const std::vector<Wide> &x, Wide d) {
        std::size_t p = 0;
        std::size_t q = 1;
        for (std::size_t b = 1; b < open.size(); ++b) {
            for (std::size_t a = 0; a < b; ++a) {
                if (distance(open[a].centroid, open[b].centroid) < distance(open[p].centroid, open[q].centroid)) {
                    p = a;
                    q = b;
                }
            }
        }
        const Wide between = distance(open[p].centroid, open[q].centroid);
        if (!(d > between)) {
            return false;
        }
        const Wide n = open[p].n + open[q].n;
        open[p].spread += open[q].spread + between * open[p].n / n * open[q].n;
        open[p].n = n;
        add(open[p], open[q].sum);
        settle(open[p]);
        open[q] = begun(x);
        ++fused;
        return true;
    }

    std::uint32_t clusters_, d_;
    int frac_;
};

std::vector<Wide> sample_of(const Frame &x, int frac) {
    std::vector<Wide> s;
    for (const std::int32_t v : x) {
        s.push_back(Wide{v} * (1 << (frac - 12)));
    }
    return s;
}

// Offsets of the block's arrays as IMAGE.md gives them.
struct Offsets {
    std::uint32_t count, spread, sum, centroid, pooled;
    Offsets(std::uint32_t k, std::uint32_t d, std::uint32_t sample, std::uint32_t sum_bytes) {
        const auto up = [](std::uint32_t v) { return (v + 7) / 8 * 8; };
        count = 16 + up(k * d * sample) + up(4 * k) + 8 * k;
        spread = count + up(4 * k);
        sum = spread + 8 * k;
        centroid = sum + up(k * d * sum_bytes);
        pooled = centroid + up(k * d * sample);
    }
};

template <class Sample, class Sum> void check_block(const Machine &m, const Oracle &oracle) {
    const auto k = static_cast<std::uint32_t>(m.spec.clusters);
    const std::uint32_t d = m.spec.channels;
    const Offsets o(k, d, sizeof(Sample), sizeof(Sum));
    REQUIRE(m.field<std::uint32_t>(2, 0) == oracle.open.size());
    REQUIRE(Wide{m.field<std::uint64_t>(2, o.pooled)} == oracle.pooled());
    for (std::uint32_t j = 0; j < oracle.open.size(); ++j) {
        const Cluster &c = oracle.open[j];
        REQUIRE(Wide{m.field<std::uint32_t>(2, o.count + 4 * j)} == c.n);
        REQUIRE(Wide{m.field<std::uint64_t>(2, o.spread + 8 * j)} == c.spread);
        for (std::uint32_t i = 0; i < d; ++i) {
            const std::uint32_t at = j * d + i;
            REQUIRE(Wide{m.field<Sum>(2, o.sum + at * std::uint32_t{sizeof(Sum)})} == c.sum[i]);
            REQUIRE(Wide{m.field<Sample>(2, o.centroid + at * std::uint32_t{sizeof(Sample)})} == c.centroid[i]);
        }
    }
}

template <class Sample, class Sum>
int follow(std::uint8_t arithmetic, int frac, std::uint32_t channels, std::int32_t clusters, std::uint64_t seed) {
    Spec spec = without_scaler({});
    spec.arithmetic = arithmetic;
    spec.channels = channels;
    spec.clusters = clusters;
    Machine m(spec);
    Oracle oracle(static_cast<std::uint32_t>(clusters), channels, frac);
    Random random(seed);
    for (int t = 0; t < 600; ++t) {
        // most near a few points, some anywhere, some exact repetitions: ties, splits and zero distances all happen
        const Frame x = t % 17 == 3  ? random.frame(channels, 0, 12000)
                        : t % 5 == 1 ? Frame(channels, 1000 * (t % 3))
                                     : random.mode_frame(channels, 3, 200);
        const auto s = sample_of(x, frac);
        if (t > 0) {
            REQUIRE(std::fabs(static_cast<long double>(m.score(x)) - 65536 * oracle.score(s)) < 1.5L);
        }
        m.learn(x);
        oracle.learn(s);
        check_block<Sample, Sum>(m, oracle);
    }
    return oracle.fused;
}

} // namespace

TEST_CASE("k-means in Q15: every sum, count, centroid and score as exact arithmetic says") {
    CHECK(follow<std::int16_t, std::int32_t>(TB_Q15, 12, 3, 4, 1) > 0);
    CHECK(follow<std::int16_t, std::int32_t>(TB_Q15, 12, 9, 5, 2) > 0);
    CHECK(follow<std::int16_t, std::int32_t>(TB_Q15, 12, 1, 1, 3) == 0);
    CHECK(follow<std::int16_t, std::int32_t>(TB_Q15, 12, 2, 16, 4) > 0);
}

TEST_CASE("k-means in Q31: every sum, count, centroid and score as exact arithmetic says") {
    CHECK(follow<std::int32_t, std::int64_t>(TB_Q31, 20, 3, 4, 5) > 0);
    CHECK(follow<std::int32_t, std::int64_t>(TB_Q31, 20, 9, 5, 6) > 0);
    CHECK(follow<std::int32_t, std::int64_t>(TB_Q31, 20, 1, 1, 7) == 0);
    CHECK(follow<std::int32_t, std::int64_t>(TB_Q31, 20, 2, 16, 8) > 0);
}
