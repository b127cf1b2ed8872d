// The autoencoder's promises: its words, its beginning, what it keeps, what it says.
#include "autoencoder_reference.hpp"

using namespace autoencoders;
using namespace fixtures;
using namespace twinbit;

namespace {

template <class P> bool accepts(const std::vector<std::int32_t> &words, std::uint32_t d) {
    Shape shape = {};
    return Autoencoder<P>::shape({words.data(), static_cast<std::uint32_t>(words.size()), d}, shape);
}

std::vector<std::int32_t> changed(const Parameters &p, std::size_t at, std::int32_t value) {
    std::vector<std::int32_t> words = p.list();
    words[at] = value;
    return words;
}

// A net and a copy of it that lives through a copy of the bytes before every frame, with other scratch.
template <class P> void check_copies(const Parameters &words) {
    Net<P> net(words, 7);
    Source source(7, 2);
    for (int t = 0; t < 300; ++t) {
        Net<P> copy(words, 7);
        copy.image = net.image;
        const Frame x = source.next();
        std::int32_t a = 1, b = 1;
        REQUIRE(net.learn(x, &a) == copy.learn(x, &b));
        REQUIRE(a == b);
        REQUIRE(net.image == copy.image);
        REQUIRE(net.score(x) == copy.score(x));
        REQUIRE(net.in_range());
    }
}

} // namespace

TEST_CASE("autoencoder: words out of range are refused") {
    Parameters p;
    p.hidden = {{3, Activation::tanh}, {512, Activation::relu}};
    p.has_momentum = true;
    const std::size_t policy = 8; // after seed, momentum, 2 layers, output
    REQUIRE(accepts<Q15>(p.list(), 5));
    struct Limit {
        std::size_t at;
        std::int32_t low, high;
    };
    const Limit limits[] = {{1, 0, 1},
                            {3, 1, 512},
                            {4, 0, 3},
                            {5, 1, 512},
                            {6, 0, 3},
                            {7, 0, 3},
                            {policy, 1, 1 << 30},
                            {policy + 1, 0, INT32_MAX},
                            {policy + 2, 0, 1 << 30},
                            {policy + 3, 0, 2126008812},
                            {policy + 4, 0, 214748365},
                            {policy + 5, 0, INT32_MAX},
                            {policy + 6, 0, 24 * 65536}};
    for (const Limit &l : limits) {
        CAPTURE(l.at);
        CHECK(accepts<Q15>(changed(p, l.at, l.low), 5));
        CHECK(accepts<Q15>(changed(p, l.at, l.high), 5));
        CHECK_FALSE(accepts<Q15>(changed(p, l.at, l.low - 1), 5));
        CHECK((l.high == INT32_MAX || !accepts<Q15>(changed(p, l.at, l.high + 1), 5)));
        CHECK_FALSE(accepts<Q15>(changed(p, l.at, INT32_MIN), 5));
    }
    for (const std::int32_t layers : {INT32_MIN, -1, 0, 1, 3, 6, INT32_MAX}) { // 2 it is
        CHECK_FALSE(accepts<Q15>(changed(p, 2, layers), 5));
    }
    CHECK(accepts<Q15>(changed(p, 0, INT32_MIN), 5)); // any seed
    std::vector<std::int32_t> words = p.list();
    words.push_back(0);
    CHECK_FALSE(accepts<Q15>(words, 5));
    for (std::size_t n = 0; n < p.list().size(); ++n) {
        words.resize(n);
        CHECK_FALSE(accepts<Q15>(words, 5));
    }
    p.has_momentum = false;
    CHECK_FALSE(accepts<Q15>(changed(p, policy + 3, 1), 5)); // no memory for it
    CHECK(accepts<F32>(p.list(), 4096));
    CHECK_FALSE(accepts<F32>(p.list(), 4097));
    CHECK(accepts<Q15>(p.list(), 1023));
    CHECK_FALSE(accepts<Q15>(p.list(), 1024));
    CHECK(accepts<Q31>(p.list(), 512));
    CHECK_FALSE(accepts<Q31>(p.list(), 513));
}

TEST_CASE("autoencoder: fields lie where the table says, and momentum has memory only if the words ask") {
    in_each([](auto policy) {
        using P = decltype(policy);
        using State = AutoencoderState<P>;
        for (const bool has : {false, true}) {
            Parameters p;
            p.hidden = {{3, Activation::tanh}};
            p.has_momentum = has;
            const std::vector<std::int32_t> words = p.list();
            Shape shape = {};
            REQUIRE(Autoencoder<P>::shape({words.data(), static_cast<std::uint32_t>(words.size()), 4}, shape));
            std::uint32_t offset[State::fields];
            CHECK(place(State::table, shape.fields, shape.n, offset) == (has ? 40u + 2 * 128u : 40u + 128u));
            for (std::uint32_t f = 0; f <= State::weight; ++f) {
                CHECK(offset[f] == State::offset(f));
            }
            CHECK(shape.n.k == 5 * 3 + 4 * 4);
        }
    });
}

TEST_CASE("autoencoder: begins with the weights of its seed, the same in every arithmetic") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.hidden = {{5, Activation::tanh}, {3, Activation::sigmoid}};
        p.rate = 0x1p-31; // moves nothing to speak of
        for (const std::int32_t seed : {0, 1, -7, INT32_MIN}) {
            p.seed = seed;
            Net<P> net(p, 6);
            const Frame x(6, 4096);
            CHECK_FALSE(net.ready());
            std::int32_t score = 77;
            REQUIRE(net.learn(x, &score) == TB_OK);
            CHECK(score == 77); // there was nothing to score with
            CHECK(net.ready());
            CHECK(largest_difference(net.layers(), Reference(p, 6).layers) < 4e-8);
            Parameters other = p;
            other.seed = seed ^ 1;
            CHECK(largest_difference(net.layers(), Reference(other, 6).layers) > 0.1);
        }
    });
}

TEST_CASE("autoencoder: first weights are spread evenly to the limit of Glorot and Bengio") {
    Parameters p;
    p.hidden = {{64, Activation::tanh}};
    const Layers layers = Reference(p, 128).layers;
    const double limit = std::sqrt(6.0 / 192);
    double most = 0, mean = 0, square = 0;
    for (const auto &row : layers[0].weight) {
        for (const double w : row) {
            most = std::max(most, std::fabs(w));
            mean += w / (64 * 128);
            square += w * w / (64 * 128);
        }
    }
    CHECK(most <= limit);
    CHECK(most > 0.998 * limit);
    CHECK(std::fabs(mean) < 0.02 * limit);
    CHECK(square == Approx(limit * limit / 3).epsilon(0.03));
}

TEST_CASE("autoencoder: a copy of its bytes goes on as itself") {
    Parameters p = with_momentum(0.8);
    p.hidden = {{4, Activation::tanh}, {3, Activation::relu}};
    p.halving = 60;
    p.decay = 1e-3;
    p.patience = 120;
    p.improvement = 0.01;
    in_each([&](auto policy) { check_copies<decltype(policy)>(p); });
    p = Parameters();
    p.output = Activation::tanh;
    in_each([&](auto policy) { check_copies<decltype(policy)>(p); });
}

TEST_CASE("autoencoder: scoring and explaining leave it as it is; shares are squared errors and add up to one") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.hidden = {{2, Activation::tanh}};
        Net<P> net(p, 6);
        Source source(6, 2);
        for (int t = 0; t < 2000; ++t) {
            net.learn(source.next());
        }
        const Bytes before = net.image;
        double usual = 0;
        for (int t = 0; t < 100; ++t) {
            usual += net.level(source.next()) / 100;
        }
        Frame x = source.next();
        x[3] += 4 * 4096;
        const auto shares = net.explain(x);
        CHECK(net.level(x) > usual + 1);
        CHECK(net.image == before);
        std::int32_t sum = 0;
        for (const std::int32_t s : shares) {
            CHECK(s >= 0);
            sum += s;
        }
        CHECK(sum <= 65536 + 6);
        CHECK(sum >= 65536 - 6);
        CHECK(std::max_element(shares.begin(), shares.end()) == shares.begin() + 3);
        CHECK(net.merge(before) == TB_ERR_UNSUPPORTED);
        CHECK(net.image == before);
    });
}

TEST_CASE("autoencoder: learns the shared factors: usual frames come out small, others don't") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.hidden = {{3, Activation::tanh}};
        Net<P> net(p, 12);
        Source source(12, 3);
        for (int t = 0; t < 5000; ++t) {
            net.learn(source.next());
        }
        double usual = 0, odd = 0;
        for (int t = 0; t < 200; ++t) {
            const Frame x = source.next();
            usual += net.level(x) / 200;
            odd += net.level(source.random().frame(12, 0, 4096)) / 200;
        }
        CHECK(usual < -2);
        CHECK(odd > usual + 1.5);
    });
}
