// Banks of ELMs: merging after an epoch, what is refused, preparing slice by slice.
#include "bank_model.hpp"
#include "detectors/autoencoder.hpp"
#include "detectors/elm.hpp"

#include <numeric>

using namespace fixtures;
using namespace twinbit;

namespace {

constexpr std::uint32_t d = 5;
constexpr std::int32_t units = 4;

template <class P> using BankOfElms = Bank<Elm<P>, P>;
template <class P> using BankOfAutoencoders = Bank<Autoencoder<P>, P>;

std::vector<std::int32_t> words(std::int32_t modes = 3, std::int32_t few = 4, std::int32_t forget = 0) {
    return {modes, 7, units, 1, 0, (1 << units) - 1, 65536, forget, few};
}

template <class P> using M = Model<BankOfElms, P>;

// A bank that knows the machine's modes and has begun an epoch.
template <class P> M<P> with_basis(Modes &machine, const std::vector<std::int32_t> &w = words()) {
    M<P> m(w, d);
    for (int t = 0; t < 300; ++t) {
        REQUIRE(m.learn(machine.any()) == TB_OK);
    }
    m.detector().new_epoch();
    return m;
}

// A copy that learns frames of its own.
template <class P> M<P> device(const M<P> &start, Modes &machine, int frames, std::vector<Frame> *seen = nullptr) {
    M<P> m = start;
    for (int t = 0; t < frames; ++t) {
        const Frame x = machine.any();
        REQUIRE(m.learn(x) == TB_OK);
        if (seen != nullptr) {
            seen->push_back(x);
        }
    }
    return m;
}

template <class P> tb_status merge(M<P> &m, M<P> &other, int sign = 1) {
    // the other one lies at an odd address, as bytes of a file may
    Bytes bytes(other.image.size() * 8 + 1);
    std::memcpy(bytes.data() + 1, other.block(), other.image.size() * 8);
    const tb_status status = m.detector().merge(bytes.data() + 1, sign);
    m.detector().settle();
    return status;
}

std::uint32_t &number(std::uint8_t *block, std::uint32_t at) { return *reinterpret_cast<std::uint32_t *>(block + at); }

// Offset of the model of mode j in the bank's block, and of a field in it.
template <class P> std::uint32_t model_at(M<P> &m, std::uint32_t j, std::uint32_t field) {
    const Shape &s = m.shape;
    return bytes_of_fields(BankFields<P>::table, s.fields, s.n) +
           j * bytes_of_fields(s.inner.table, s.inner.fields, s.inner.n) +
           bytes_of_fields(s.inner.table, field, s.inner.n);
}

} // namespace

TEST_CASE("bank merge: three devices in all six orders give the same bytes, those of learning on the union") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 1);
        const M<P> start = with_basis<P>(machine);
        std::vector<Frame> seen;
        std::vector<M<P>> devices;
        for (const int frames : {150, 200, 250}) {
            devices.push_back(device(start, machine, frames, &seen));
        }
        M<P> all = start;
        for (const Frame &x : seen) {
            REQUIRE(all.learn(x) == TB_OK);
        }
        all.detector().settle();
        std::vector<int> order(3);
        std::iota(order.begin(), order.end(), 0);
        do {
            M<P> m = start;
            for (const int i : order) {
                REQUIRE(merge(m, devices[static_cast<std::size_t>(i)]) == TB_OK);
            }
            CHECK(m.in_range());
            const Frame x = machine.any();
            if (P::exact_sums) {
                CHECK(m.image == all.image);
                CHECK(m.score(x) == all.score(x));
            } else {
                CHECK(std::abs(m.score(x) - all.score(x)) < 64);
            }
        } while (std::next_permutation(order.begin(), order.end()));
    });
}

TEST_CASE("bank merge: taking a device out gives the bytes from before") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 2);
        const M<P> start = with_basis<P>(machine);
        M<P> a = device(start, machine, 100);
        M<P> b = device(start, machine, 100);
        const auto before = a.image;
        REQUIRE(merge(a, b) == TB_OK);
        CHECK(a.image != before);
        const auto both = a.image;
        if (P::exact_sums) {
            REQUIRE(merge(a, b, -1) == TB_OK);
            CHECK(a.image == before);
            CHECK(merge(a, b, -1) == TB_ERR_RANGE); // it is not in any more
            CHECK(a.image == before);
        } else {
            CHECK(merge(a, b, -1) == TB_ERR_UNSUPPORTED);
            CHECK(a.image == both);
        }
    });
}

TEST_CASE("bank merge: refused without an epoch, with forgetting, of autoencoders") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 3);
        M<P> young(words(), d);
        for (int t = 0; t < 100; ++t) {
            REQUIRE(young.learn(machine.any()) == TB_OK);
        }
        const auto before = young.image;
        CHECK(merge(young, young) == TB_ERR_BASIS);
        CHECK(young.image == before);

        M<P> forgets = with_basis<P>(machine, words(3, 4, 100));
        CHECK(merge(forgets, forgets) == TB_ERR_UNSUPPORTED);

        Model<BankOfAutoencoders, P> autoencoders({2, 7, 0, 1, 2, 1, 0, 1 << 27, 0, 0, 0, 0, 0, 0, 4}, d);
        for (int t = 0; t < 100; ++t) {
            REQUIRE(autoencoders.learn(machine.any()) == TB_OK);
        }
        CHECK(autoencoders.detector().ready());
        const std::int32_t score = autoencoders.score(machine.any());
        CHECK(std::abs(score) < 4 * 65536);
        const auto learned = autoencoders.image;
        CHECK(autoencoders.detector().merge(autoencoders.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(autoencoders.image == learned);
        autoencoders.detector().new_epoch(); // they go on
        CHECK(autoencoders.detector().ready());
    });
}

TEST_CASE("bank merge: one mode that can't merge keeps all others from it") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 4);
        const M<P> start = with_basis<P>(machine);
        M<P> a = device(start, machine, 100);
        M<P> b = device(start, machine, 100);
        const auto before = a.image;

        M<P> full = b; // the last mode's model has all frames it can hold
        number(full.block(), model_at(full, 2, ElmState<P>::count)) = sum_frames;
        CHECK(merge(a, full) == TB_ERR_RANGE);
        CHECK(a.image == before);

        M<P> pruned = b; // the last mode's model has lost a unit
        number(pruned.block(), model_at(pruned, 2, ElmState<P>::pruned)) = 1;
        CHECK(merge(a, pruned) == TB_ERR_BASIS);
        CHECK(a.image == before);

        M<P> taught = b; // more frames than are counted
        number(taught.block(), bytes_of_fields(BankFields<P>::table, BankFields<P>::taught, taught.shape.n) + 8) =
            0x7FFFFFFFu;
        CHECK(merge(a, taught) == TB_ERR_RANGE);
        CHECK(a.image == before);
        CHECK(merge(a, b) == TB_OK);
    });
}

TEST_CASE("bank merge: an epoch empties ELMs and leaves modes and scales") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 5);
        M<P> m = with_basis<P>(machine);
        CHECK_FALSE(m.detector().ready());
        CHECK(m.detector().modes().open() == 3);
        const auto basis = m.image;
        for (int t = 0; t < 100; ++t) {
            REQUIRE(m.learn(machine.any()) == TB_OK);
        }
        CHECK(m.detector().ready());
        m.detector().new_epoch();
        M<P> again = m;
        number(again.block(), 0) -= 1; // but for the epoch's number all is as it was
        CHECK(again.image == basis);
    });
}

TEST_CASE("bank prepare: one row of one model a call, and a restart between any two changes nothing") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 3, 6);
        M<P> a(words(), d);
        for (int t = 0; t < 300; ++t) {
            REQUIRE(a.learn(machine.any()) == TB_OK);
        }
        M<P> b = a;
        int calls = 1;
        for (; !a.detector().prepare(); ++calls) {
            REQUIRE_FALSE(b.detector().prepare());
            b.restart();
            REQUIRE(a.image == b.image);
        }
        CHECK(b.detector().prepare());
        CHECK(calls <= 3 * units);
        CHECK(calls >= 3 * (units - 1));
        CHECK(a.detector().prepare()); // stays so
        const Frame x = machine.any();
        CHECK(a.score(x) == b.score(x));
        REQUIRE(a.learn(x) == TB_OK);
        CHECK_FALSE(a.detector().prepare()); // one model has changed
    });
}

TEST_CASE("bank of ELMs: restarts, scores like separate models, forged images") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        Modes machine(d, 4, 7);
        // three modes for four: models move when modes join; counts of models that forget are often equal
        M<P> a(words(3, 2, 6), d);
        M<P> b(words(3, 2, 6), d);
        for (int t = 0; t < 1500; ++t) {
            const Frame x = machine.any();
            std::int32_t sa = 0;
            std::int32_t sb = 0;
            b.restart();
            REQUIRE(a.learn(x, &sa) == TB_OK);
            REQUIRE(b.learn(x, &sb) == TB_OK);
            REQUIRE(sa == sb);
            REQUIRE(a.image == b.image);
            b.restart();
            for (std::uint32_t k = 0; a.detector().ready() && k < 4; ++k) { // plans of all modes are made
                const Frame y = machine.frame(k);
                REQUIRE(a.score(y) == b.score(y));
            }
        }
        fixtures::Random random(8);
        for (int round = 0; round < 100; ++round) {
            M<P> m(words(3, 1), d);
            forge(m, random);
            REQUIRE(m.in_range());
            m.restart();
            M<P> other(words(3, 1), d);
            forge(other, random);
            for (int t = 0; t < 20; ++t) {
                const Frame x = random.frame(d, 0, 20000);
                m.score(x);
                m.explain(x);
                m.detector().prepare();
                m.learn(x);
                merge(m, other, t % 2 == 0 ? 1 : -1);
            }
            m.detector().new_epoch();
        }
    });
}

TEST_CASE("bank of ELMs: a model that moves to another mode is derived anew there") {
    each_arithmetic([](auto policy) {
        using P = decltype(policy);
        M<P> m(words(2, 2, 6), d);
        fixtures::Random random(10);
        const auto learn = [&](int side) {
            Frame x = random.frame(d, 0, 100);
            x[0] += side * 2000;
            REQUIRE(m.learn(x) == TB_OK);
        };
        learn(0);
        learn(1);
        for (int t = 1; t < 7; ++t) {
            learn(0);
        }
        for (int t = 1; t < 10; ++t) {
            learn(1);
        }
        // sums are halved at 6 frames: after 7 and 10 frames both models count 4
        REQUIRE(number(m.block(), model_at(m, 0, ElmState<P>::count)) == 4);
        REQUIRE(number(m.block(), model_at(m, 1, ElmState<P>::count)) == 4);
        m.score(Frame(d, 0)), m.score({2000, 0, 0, 0, 0});
        REQUIRE(m.learn(Frame(d, 30000)) == TB_OK); // the two modes join: the second one's model stays, as the first
        REQUIRE(m.template field<std::uint32_t>(BankFields<P>::taught, 0) == 10);
        const std::int32_t score = m.score({500, 300, -300, 0, 0});
        m.restart();
        CHECK(m.score({500, 300, -300, 0, 0}) == score);
    });
}
