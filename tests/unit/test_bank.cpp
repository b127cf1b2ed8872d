// Banks: which modes they find, what each mode's model learns, borrowing, epochs, restarts.
#include "bank_model.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

// modes; components, amnesic, window; few
std::vector<std::int32_t> words(std::int32_t modes, std::int32_t few = 10, std::int32_t components = 1) {
    return {modes, components, 0, 0, few};
}

// Each mode of the machine has a centroid of its own: 200 counts a feature are far less than modes are apart.
template <class M> bool found(M &m, const Modes &machine, std::uint32_t d) {
    for (std::size_t k = 0; k < machine.centre.size(); ++k) {
        bool near = false;
        for (std::uint32_t j = 0; j < m.detector().modes().open(); ++j) {
            const Frame c = centroid(m, j, d);
            double sum = 0;
            for (std::uint32_t i = 0; i < d; ++i) {
                sum += std::pow(c[i] - machine.centre[k][i], 2);
            }
            near = near || std::sqrt(sum / d) < 200;
        }
        if (!near) {
            return false;
        }
    }
    return true;
}

} // namespace

TEST_CASE("bank: finds the modes of a machine, one after the other or mixed") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        for (const std::uint32_t seed : {1u, 2u, 3u, 4u}) {
            for (const std::int32_t k : {4, 6}) {
                for (const bool mixed : {false, true}) {
                    CAPTURE(seed, k, mixed);
                    Modes machine(8, 4, seed);
                    Model<BankOfSubspaces, P> m(words(k), 8);
                    for (int t = 0; t < 1200; ++t) {
                        REQUIRE(m.learn(mixed ? machine.any() : machine.frame(static_cast<std::size_t>(t / 300))) ==
                                TB_OK);
                    }
                    CHECK(found(m, machine, 8));
                    CHECK(m.in_range());
                }
            }
        }
    });
}

TEST_CASE("bank: a mode's model is the model of its standardised frames") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        using N = BankNumbers<P>;
        constexpr std::uint32_t d = 6;
        Modes machine(d, 3, 5);
        Model<BankOfSubspaces, P> bank(words(3, 10, 2), d);
        for (int t = 0; t < 600; ++t) {
            REQUIRE(bank.learn(machine.any()) == TB_OK);
        }
        bank.detector().new_epoch(); // from here on scales stand still
        std::vector<Model<Subspace, P>> alone(3, Model<Subspace, P>({2, 0, 0}, d));
        const std::size_t bytes = alone[0].image.size() * 8;
        const std::size_t own = bank.image.size() * 8 - 3 * bytes;
        for (std::uint32_t j = 0; j < 3; ++j) {
            std::memcpy(alone[j].block(), bank.block() + own + j * bytes, bytes);
            alone[j].restart();
        }
        double worst = 0;
        for (int t = 0; t < 300; ++t) {
            const Frame x = machine.any();
            std::uint32_t best = 0;
            double least = 1e300;
            for (std::uint32_t j = 0; j < 3; ++j) {
                double sum = 0;
                for (std::uint32_t i = 0; i < d; ++i) {
                    sum += std::pow(x[i] - centroid(bank, j, d)[i], 2);
                }
                best = sum < least ? j : best;
                least = std::min(least, sum);
            }
            std::vector<typename P::Sample> z(bank.samples(x), bank.samples(x) + d);
            for (std::uint32_t i = 0; i < d; ++i) {
                const auto gain = bank.template field<typename N::Gain>(BankFields<P>::gain, best * d + i);
                z[i] = N::standard(z[i], bank.detector().modes().centroid(best)[i], gain);
                worst = std::max(worst, std::fabs(static_cast<double>(to_real(z[i]))));
            }
            std::int32_t score = 0;
            REQUIRE(bank.score(x) == alone[best].detector().score(z.data()));
            REQUIRE(bank.learn(x, &score) == TB_OK);
            std::int32_t score_alone = 0;
            REQUIRE(alone[best].detector().learn(z.data(), &score_alone) == TB_OK);
            REQUIRE(score == score_alone);
            REQUIRE(std::memcmp(alone[best].block(), bank.block() + own + best * bytes, bytes) == 0);
        }
        CHECK(worst > 1);
        CHECK(worst < 6);
    });
}

TEST_CASE("bank: standardised features have mean 0 and variance 1, after enough frames") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        using N = BankNumbers<P>;
        constexpr std::uint32_t d = 5;
        Modes machine(d, 2, 6);
        Model<BankOfSubspaces, P> m(words(2), d);
        for (int t = 0; t < 4000; ++t) {
            REQUIRE(m.learn(machine.any()) == TB_OK);
        }
        for (std::uint32_t j = 0; j < 2; ++j) {
            for (std::uint32_t i = 0; i < d; ++i) {
                const auto mean = static_cast<double>(to_real(m.detector().modes().centroid(j)[i])) * 4096;
                double gain = static_cast<double>(m.template field<typename N::Gain>(BankFields<P>::gain, j * d + i));
                gain *= std::is_same<P, F32>::value ? 1 : std::ldexp(1, -18);
                bool near = false;
                for (std::size_t k = 0; k < 2; ++k) {
                    near = near || (std::fabs(mean - machine.centre[k][i]) < 100 &&
                                    std::fabs(gain * machine.deviation[k][i] / 4096 - 1) < 0.1);
                }
                CHECK(near);
            }
        }
    });
}

TEST_CASE("bank: a mode with few frames borrows from the nearest that has enough, and still learns") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(4, 3, 7);
        Model<BankOfSubspaces, P> m(words(3, 20), 4);
        CHECK_FALSE(m.detector().ready());
        for (int t = 0; t < 400; ++t) {
            REQUIRE(m.learn(machine.frame(static_cast<std::size_t>(t % 2))) == TB_OK);
        }
        REQUIRE(m.detector().ready());
        const auto few = [&] {
            std::uint32_t n = 0;
            for (std::uint32_t j = 0; j < 3; ++j) {
                n += m.template field<std::uint32_t>(BankFields<P>::taught, j) < 20 ? 1 : 0;
            }
            return n;
        };
        // three modes opened by the first frames became two and a new one, the third of the machine
        int borrowed = 0;
        for (int t = 0; t < 40; ++t) {
            const Frame x = machine.frame(2);
            const bool young = few() > 0;
            const std::int32_t score = m.score(x);
            borrowed += young && t > 2 && score > 2 * 65536 ? 1 : 0; // far out on the neighbour's scale
            CHECK((young || score < 2 * 65536));
            REQUIRE(m.learn(x) == TB_OK);
        }
        CHECK(borrowed > 10);
        CHECK(few() == 0);
    });
}

TEST_CASE("bank: of two modes that join, the model that has learned more stays") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        using F = BankFields<P>;
        for (const bool second : {false, true}) {
            // two modes near each other, one with more frames; then a far one
            Model<BankOfSubspaces, P> m(words(2), 2);
            for (int t = 0; t < 30; ++t) {
                const int side = t < 2 ? t : (t % 5 == 0) != second ? 1 : 0;
                REQUIRE(m.learn({side * 400 + t % 3, 100 * (t % 2)}) == TB_OK);
            }
            const std::uint32_t more = second ? 1 : 0;
            REQUIRE(m.template field<std::uint32_t>(F::taught, more) > 20);
            REQUIRE(m.template field<std::uint32_t>(F::taught, 1 - more) < 10);
            const std::uint32_t bytes = bytes_of_fields(m.shape.inner.table, m.shape.inner.fields, m.shape.inner.n);
            const std::uint8_t *models = m.block() + m.image.size() * 8 - 2 * bytes;
            const Bytes stays(models + more * bytes, models + (more + 1) * bytes);
            REQUIRE(m.learn({20000, 20000}) == TB_OK);
            CHECK(m.template field<std::uint32_t>(F::frames, 0) == 30);
            CHECK(m.template field<std::uint32_t>(F::taught, 0) > 20);
            CHECK(Bytes(models, models + bytes) == stays);
            CHECK(m.template field<std::uint32_t>(F::frames, 1) == 1);
            CHECK(m.template field<std::uint32_t>(F::taught, 1) == 1);
        }
    });
}

TEST_CASE("bank: a restart at any step changes nothing") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(5, 4, 8);
        Model<BankOfSubspaces, P> a(words(3, 4, 2), 5);
        Model<BankOfSubspaces, P> b(words(3, 4, 2), 5);
        for (int t = 0; t < 400; ++t) {
            const Frame x = machine.any();
            std::int32_t sa = 0;
            std::int32_t sb = 0;
            b.restart();
            REQUIRE(a.detector().ready() == b.detector().ready());
            if (b.detector().ready()) {
                REQUIRE(a.score(x) == b.score(x));
                REQUIRE(a.explain(x) == b.explain(x));
                REQUIRE(a.detector().prepare());
            }
            REQUIRE(a.learn(x, &sa) == TB_OK);
            REQUIRE(b.learn(x, &sb) == TB_OK);
            REQUIRE(sa == sb);
            REQUIRE(a.image == b.image);
            if (t == 250) {
                a.detector().new_epoch();
                b.detector().new_epoch();
            }
        }
    });
}

TEST_CASE("bank: from an epoch on the basis stands still, and models go on") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(5, 4, 9);
        Model<BankOfSubspaces, P> m(words(4), 5);
        const auto fresh = m.image;
        m.detector().new_epoch();
        CHECK(m.image == fresh); // nothing to stand on
        for (int t = 0; t < 300; ++t) {
            REQUIRE(m.learn(machine.any()) == TB_OK);
        }
        m.detector().new_epoch();
        const std::uint32_t taught = bytes_of_fields(BankFields<P>::table, BankFields<P>::taught, m.shape.n);
        const std::uint32_t own = bytes_of_fields(BankFields<P>::table, BankFields<P>::fields, m.shape.n);
        const Bytes basis(m.block(), m.block() + taught);
        const Bytes sums(m.block() + taught + 16, m.block() + own);
        const auto before = m.image;
        for (int t = 0; t < 300; ++t) {
            REQUIRE(m.learn(machine.random.frame(5, 0, 12000)) == TB_OK);
        }
        CHECK(Bytes(m.block(), m.block() + taught) == basis);
        CHECK(Bytes(m.block() + taught + 16, m.block() + own) == sums);
        CHECK(m.image != before);
        CHECK(m.detector().merge(m.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(m.detector().prune(1) == TB_ERR_UNSUPPORTED);
    });
}

TEST_CASE("bank: shares are those of the standardised frame") {
    each_arithmetic([](auto policy) {
        Modes machine(6, 2, 10);
        Model<BankOfSubspaces, decltype(policy)> m(words(2), 6);
        for (int t = 0; t < 800; ++t) {
            REQUIRE(m.learn(machine.any()) == TB_OK);
        }
        Frame x = machine.centre[1];
        x[3] += machine.deviation[1][3] * 5;
        const Frame shares = m.explain(x);
        CHECK(shares[3] > 40000);
        std::int32_t sum = 0;
        for (const std::int32_t s : shares) {
            sum += s;
        }
        CHECK(std::abs(sum - 65536) <= 8);
    });
}
