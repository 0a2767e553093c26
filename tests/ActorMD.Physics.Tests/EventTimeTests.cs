using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

/// <summary>Event times against exact arithmetic.</summary>
/// <remarks>
/// Positions are rounded to u = 1.1e-16 of the distance r flown, so that no method finds d = eps better than about u r/eps:
/// 1e-10 for r/eps = 10^6. The tests allow four times that (eight for the sums of a tuple).
/// </remarks>
public sealed class EventTimeTests
{
    private const int DrawCount = 2_000;
    private const double U = 1.2e-16;

    [Theory]
    [InlineData(1.5)]
    [InlineData(30)]
    [InlineData(1e3)]
    [InlineData(1e6)]
    public void A_pair_touches_at_its_event_time(double distance)
    {
        CounterRandom random = new(1, RandomStream.Testing);
        const double eps = 0.7;
        int eventCount = 0;
        for (int n = 0; n < DrawCount; n++)
        {
            (ParticleState a, ParticleState b) = HeadedPair(ref random, distance * eps, eps);
            double time = PairEvent.Time(a, b, Vec3.Zero, eps * eps);
            if (double.IsPositiveInfinity(time))
            {
                continue;
            }

            eventCount++;
            double relative = RelativeGap(a, b, time, eps);
            Assert.True(Math.Abs(relative) <= 4 * U * (distance + 2), $"draw {n}: {relative}");
        }

        Assert.True(eventCount > 0.9 * DrawCount);
    }

    [Fact]
    public void A_pair_that_passes_by_has_no_event()
    {
        ParticleState a = new(), b = new() { Position = new Vec3(10, 1.0001, 0), Velocity = new Vec3(-1, 0, 0) };
        Assert.Equal(double.PositiveInfinity, PairEvent.Time(a, b, Vec3.Zero, 1));
        b.Position = new Vec3(10, 0.9999, 0);
        Assert.InRange(PairEvent.Time(a, b, Vec3.Zero, 1), 9.9, 10);
    }

    [Fact]
    public void Receding_and_resting_pairs_have_no_event()
    {
        ParticleState a = new(), b = new() { Position = new Vec3(2, 0, 0), Velocity = new Vec3(1, 0, 0) };
        Assert.Equal(double.PositiveInfinity, PairEvent.Time(a, b, Vec3.Zero, 1));
        b.Velocity = Vec3.Zero;
        Assert.Equal(double.PositiveInfinity, PairEvent.Time(a, b, Vec3.Zero, 1));
        b.Velocity = new Vec3(0, 1, 0); // grazing direction: B = 0
        Assert.Equal(double.PositiveInfinity, PairEvent.Time(a, b, Vec3.Zero, 1));
    }

    [Fact]
    public void A_rounding_overlap_is_an_event_at_the_reference_time_when_it_approaches_and_none_when_it_recedes()
    {
        ParticleState a = new() { Time = 3 };
        ParticleState b = new() { Position = new Vec3(1 - 1e-12, 0, 0), Velocity = new Vec3(-1e-3, 0.5, 0), Time = 3 };
        Assert.Equal(3, PairEvent.Time(a, b, Vec3.Zero, 1));
        b.Velocity = new Vec3(1e-3, 0.5, 0);
        Assert.Equal(double.PositiveInfinity, PairEvent.Time(a, b, Vec3.Zero, 1));
    }

    [Fact]
    public void The_reference_time_is_the_later_one_and_the_shift_selects_the_image()
    {
        ParticleState a = new() { Position = new Vec3(0.5, 0, 0), Velocity = new Vec3(-1, 0, 0), Time = 2 };
        ParticleState b = new() { Position = new Vec3(9, 0, 0), Velocity = new Vec3(1, 0, 0), Time = 1 };
        // At time 2 b is at 10, its image in a box of 10 at 0 (overlapping), the next one at -10: gap 10.5 - 1, closing at 2.
        Assert.Equal(2 + 9.5 / 2, PairEvent.Time(a, b, new Vec3(-20, 0, 0), 1), 14);
    }

    [Fact]
    public void Pair_times_have_the_same_bits_when_the_particles_are_exchanged()
    {
        CounterRandom random = new(2, RandomStream.Testing);
        int eventCount = 0;
        for (int n = 0; n < 10_000; n++)
        {
            (ParticleState a, ParticleState b) = HeadedPair(ref random, Math.Pow(10, 3 * random.NextUniform()), 1);
            Vec3 shift = new(random.NextInteger(3) - 1, 0, 0.3 * (random.NextInteger(3) - 1));
            b.Position -= shift;
            double time = PairEvent.Time(a, b, shift, 1);
            Assert.Equal(time, PairEvent.Time(b, a, -shift, 1));
            eventCount += double.IsFinite(time) ? 1 : 0;
        }

        Assert.True(eventCount > 5_000);
    }

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(3, 3, 1e6)]
    [InlineData(4, 2, 1e3)]
    [InlineData(4, 3, 1e6)]
    [InlineData(5, 3, 1e6)]
    public void A_tuple_reaches_its_zone_at_its_event_time(int order, int dimension, double distance)
    {
        CounterRandom random = new(3, RandomStream.Testing, (uint)order);
        const double eps = 0.7;
        int eventCount = 0;
        for (int n = 0; n < DrawCount; n++)
        {
            // All members fly to one place, where they would arrive at about the same time.
            Vec3[] velocities = Draws.Vectors(ref random, order, dimension), positions = new Vec3[order];
            for (int i = 0; i < order; i++)
            {
                positions[i] = velocities[i] * -(distance * eps) + 0.05 * random.NextNormalVector(dimension);
            }

            double time = TupleEvent.Time(positions, velocities, 0, eps * eps);
            if (double.IsPositiveInfinity(time))
            {
                continue;
            }

            eventCount++;
            Dyadic sum = new(0, 0);
            for (int i = 0; i < order; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    sum += ExactSquare(positions[i], velocities[i], 0, positions[j], velocities[j], 0, time);
                }
            }

            double relative = (sum - Dyadic.Of(eps) * Dyadic.Of(eps)).Approximate / (2 * eps * eps);
            // d_k changes at the rate sqrt(C) at most.
            double flown = Math.Sqrt(TupleEvent.QuadraticForm(positions, velocities).C) * distance;
            Assert.True(Math.Abs(relative) <= 8 * U * (flown + 5), $"draw {n}: {relative}");
        }

        Assert.True(eventCount > 0.9 * DrawCount);
    }

    [Fact]
    public void A_tuple_event_needs_approach_and_an_approaching_overlap_is_an_event_at_the_reference_time()
    {
        Vec3[] positions = [new(0, 0, 0), new(1, 0, 0), new(0, 1, 0)]; // d_3^2 = 4
        Vec3[] inwards = [new(1, 1, 0), new(-1, 0, 0), new(0, -1, 0)];
        Vec3[] outwards = [.. inwards.Select(v => -v)];
        Assert.InRange(TupleEvent.Time(positions, inwards, 5, 3.9), 5.001, 5.1);
        Assert.Equal(double.PositiveInfinity, TupleEvent.Time(positions, outwards, 5, 3.9));
        Assert.Equal(5, TupleEvent.Time(positions, inwards, 5, 4 * (1 + 1e-12)));
        Assert.Equal(double.PositiveInfinity, TupleEvent.Time(positions, outwards, 5, 4 * (1 + 1e-12)));
        Assert.Equal(double.PositiveInfinity, TupleEvent.Time(positions, new Vec3[3], 5, 3.9));
    }

    [Fact]
    public void A_tuple_of_two_has_the_time_of_the_pair()
    {
        CounterRandom random = new(4, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            (ParticleState a, ParticleState b) = HeadedPair(ref random, 5, 1);
            (a.Time, b.Time) = (0, 0);
            double pair = PairEvent.Time(a, b, Vec3.Zero, 1);
            double tuple = TupleEvent.Time([a.Position, b.Position], [a.Velocity, b.Velocity], 0, 1);
            if (double.IsFinite(pair) && double.IsFinite(tuple))
            {
                // Near grazing the time itself is ill-defined: compare the distances instead.
                Assert.True(Math.Abs(RelativeGap(a, b, tuple, 1)) < 1e-14 * (1 + Math.Abs(tuple)));
            }
        }
    }

    // Two particles at the given distance that will pass each other within 0.98 eps.
    private static (ParticleState A, ParticleState B) HeadedPair(ref CounterRandom random, double distance, double eps)
    {
        Vec3 direction = Unit(random.NextNormalVector(3));
        Vec3 sideways = Unit(Vec3.Cross(direction, random.NextNormalVector(3)));
        Vec3 common = random.NextNormalVector(3);
        double speed = 0.1 + random.NextUniform();
        Vec3 start = direction * distance + 0.98 * Math.Sqrt(random.NextUniform()) * eps * sideways;
        ParticleState a = new() { Position = random.NextNormalVector(3) * eps, Velocity = common };
        ParticleState b = new() { Position = a.Position + start, Velocity = common - speed * direction };
        // One of them is known from a little earlier.
        double earlier = random.NextUniform() * eps;
        b.Position -= b.Velocity * earlier;
        b.Time = -earlier;
        return (a, b);
    }

    private static Vec3 Unit(Vec3 x) => x * (1 / Math.Sqrt(x.LengthSquared));

    private static double RelativeGap(in ParticleState a, in ParticleState b, double time, double eps) =>
        (ExactSquare(a.Position, a.Velocity, a.Time, b.Position, b.Velocity, b.Time, time) - Dyadic.Of(eps) * Dyadic.Of(eps))
        .Approximate / (2 * eps * eps);

    // |x(t) - y(t)|^2 of two free flights, without rounding.
    private static Dyadic ExactSquare(Vec3 x, Vec3 v, double startX, Vec3 y, Vec3 w, double startY, double time)
    {
        Dyadic first = Dyadic.Of(time) - Dyadic.Of(startX), second = Dyadic.Of(time) - Dyadic.Of(startY);
        return Dyadic.SquaredLength(Component(0), Component(1), Component(2));

        Dyadic Component(int axis) =>
            Dyadic.Of(x[axis]) + Dyadic.Of(v[axis]) * first - Dyadic.Of(y[axis]) - Dyadic.Of(w[axis]) * second;
    }
}
