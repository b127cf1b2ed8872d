// The modes of a bank in fixed point against an oracle that knows the header's formulas only: exact sums in 128 bits,
// floor divisions, gains in long double. Every decision and every byte of the sums must be the same.
#include "bank_model.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

using Wide = __int128;

Wide floor_div(Wide a, Wide b) {
    const Wide q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

struct Mode {
    Wide n = 0;
    std::vector<Wide> sum, square, mean;
    std::vector<long double> gain;
};

class Oracle {
  public:
    Oracle(std::size_t modes, std::size_t d, int frac) : most_(modes), d_(d), frac_(frac) {}

    std::vector<Mode> open;
    Wide scatter = 0; // Q.24
    int joined = 0;

    void learn(const std::vector<Wide> &x) {
        std::size_t c = 0;
        for (std::size_t j = 1; j < open.size(); ++j) {
            c = distance(x, open[j].mean) < distance(x, open[c].mean) ? j : c;
        }
        const Wide away = open.empty() ? 0 : distance(x, open[c].mean);
        if (open.size() < most_ && (open.empty() || away > 0)) {
            open.emplace_back();
            begin(open.size() - 1, x);
        } else if (!join(away, x)) {
            scatter += away * open[c].n / (open[c].n + 1);
            add(c, x);
            if (open[c].n <= 8 || open[c].n % 8 == 0) {
                scale(c);
            }
        }
    }

  private:
    std::size_t most_, d_;
    int frac_;

    Wide distance(const std::vector<Wide> &a, const std::vector<Wide> &b) const {
        Wide sum = 0;
        for (std::size_t i = 0; i < d_; ++i) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        const Wide unit = Wide{1} << (2 * frac_ - 24);
        return floor_div(2 * sum + unit, 2 * unit);
    }
    Wide frames() const {
        Wide n = 0;
        for (const Mode &m : open) {
            n += m.n;
        }
        return n;
    }
    // A far frame makes one mode of the closest two, and its own of the other.
    bool join(Wide away, const std::vector<Wide> &x) {
        std::size_t p = 0;
        std::size_t q = 1;
        for (std::size_t b = 1; b < open.size(); ++b) {
            for (std::size_t a = 0; a < b; ++a) {
                if (distance(open[a].mean, open[b].mean) < distance(open[p].mean, open[q].mean)) {
                    p = a;
                    q = b;
                }
            }
        }
        const Wide apart = distance(open[p].mean, open[q].mean);
        if (away <= 2 * (scatter / frames()) || away <= apart) {
            return false;
        }
        scatter += apart * open[p].n / (open[p].n + open[q].n) * open[q].n;
        open[p].n += open[q].n;
        for (std::size_t i = 0; i < d_; ++i) {
            open[p].sum[i] += open[q].sum[i];
            open[p].square[i] += open[q].square[i];
        }
        move(p);
        scale(p);
        begin(q, x);
        ++joined;
        return true;
    }
    void begin(std::size_t j, const std::vector<Wide> &x) {
        open[j] = {0, std::vector<Wide>(d_, 0), std::vector<Wide>(d_, 0), std::vector<Wide>(d_, 0),
                   std::vector<long double>(d_, 0)};
        add(j, x);
        scale(j);
    }
    void add(std::size_t j, const std::vector<Wide> &x) {
        ++open[j].n;
        for (std::size_t i = 0; i < d_; ++i) {
            open[j].sum[i] += x[i];
            open[j].square[i] += x[i] * x[i];
        }
        move(j);
    }
    void move(std::size_t j) {
        for (std::size_t i = 0; i < d_; ++i) {
            open[j].mean[i] = floor_div(2 * open[j].sum[i] + open[j].n, 2 * open[j].n);
        }
    }
    void scale(std::size_t j) {
        for (std::size_t i = 0; i < d_; ++i) {
            long double pooled = 0;
            long double own = 0;
            for (std::size_t k = 0; k < open.size(); ++k) {
                const Mode &m = open[k];
                const Wide s = m.square[i] - 2 * m.mean[i] * m.sum[i] + m.n * m.mean[i] * m.mean[i];
                pooled += static_cast<long double>(s) / static_cast<long double>(frames());
                own = k == j ? static_cast<long double>(s) : own;
            }
            const auto n = static_cast<long double>(open[j].n);
            const long double v = std::ldexp((own + 32 * pooled) / (n + 32), -2 * frac_);
            open[j].gain[i] = 1 / std::sqrt(std::max(v, std::ldexp(1.0L, -24)));
        }
    }
};

template <class P> void compare(const Model<BankOfSubspaces, P> &m, const Oracle &oracle, std::uint32_t d) {
    using F = BankFields<P>;
    REQUIRE(m.template field<std::uint32_t>(F::open) == oracle.open.size());
    REQUIRE(Wide{m.template field<typename P::Distance>(F::scatter)} == oracle.scatter);
    for (std::uint32_t j = 0; j < oracle.open.size(); ++j) {
        const Mode &mode = oracle.open[j];
        REQUIRE(Wide{m.template field<std::uint32_t>(F::frames, j)} == mode.n);
        for (std::uint32_t i = 0; i < d; ++i) {
            REQUIRE(Wide{m.template field<typename P::Sum>(F::sum, j * d + i)} == mode.sum[i]);
            REQUIRE(Wide{m.template field<std::int64_t>(F::square, j * d + i)} == mode.square[i]);
            REQUIRE(Wide{m.template field<typename P::Sample>(F::mean, j * d + i).raw} == mode.mean[i]);
            // the gain is rounded down from 14 bits and more, the pooled variance to 2^-24
            const long double gain =
                std::ldexp(static_cast<long double>(m.template field<std::int32_t>(F::gain, j * d + i)), -18);
            const long double v = 1 / (mode.gain[i] * mode.gain[i]);
            REQUIRE(std::fabs(1 / (gain * gain) - v) < v * 0x1p-11 + 0x1p-24);
        }
    }
}

template <class P> int run(std::uint32_t modes, std::uint32_t d, std::uint64_t seed, int kind) {
    Model<BankOfSubspaces, P> m({static_cast<std::int32_t>(modes), 1, 0, 0, 10}, d);
    Oracle oracle(modes, d, P::Sample::frac);
    Modes machine(d, 5, seed);
    const Wide unit = Wide{1} << (P::Sample::frac - 12);
    for (int t = 0; t < 600; ++t) {
        const Frame x = kind == 0   ? machine.frame(static_cast<std::size_t>(t / 120))
                        : kind == 1 ? machine.any()
                                    : Frame(d, t % 3 == 0 ? 32767 : -32767 + 100 * (t % 7));
        REQUIRE(m.learn(x) == TB_OK);
        oracle.learn([&] {
            std::vector<Wide> z;
            for (const std::int32_t v : x) {
                z.push_back(v * unit);
            }
            return z;
        }());
        compare<P>(m, oracle, d);
    }
    return oracle.joined;
}

} // namespace

TEST_CASE("bank, exact: every decision and every sum is the oracle's") {
    int joined = 0;
    for (const std::uint32_t modes : {2u, 4u, 6u}) {
        for (const std::uint32_t d : {1u, 3u, 7u}) {
            for (int kind = 0; kind < 3; ++kind) {
                CAPTURE(modes, d, kind);
                joined += run<Q15>(modes, d, modes + d, kind);
                joined += run<Q31>(modes, d, modes + d, kind);
            }
        }
    }
    CHECK(joined > 50);
}
