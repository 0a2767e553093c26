using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

public sealed class WallEventTests
{
    [Fact]
    public void The_surface_touches_the_wall_ahead()
    {
        Assert.Equal(1 + 6.5 / 2, WallEvent.Time(3, 2, 1, 0.5, 10));
        Assert.Equal(1 + 2.5 / 2, WallEvent.Time(3, -2, 1, 0.5, 10));
        Assert.Equal(9.5, WallEvent.FaceAhead(2, 0.5, 10));
        Assert.Equal(0.5, WallEvent.FaceAhead(-2, 0.5, 10));
    }

    [Fact]
    public void A_particle_that_does_not_move_never_touches()
    {
        Assert.Equal(double.PositiveInfinity, WallEvent.Time(0.5, 0.0, 0, 0.5, 10));
        Assert.Equal(double.PositiveInfinity, WallEvent.Time(0.5, -0.0, 0, 0.5, 10));
    }

    [Fact]
    public void A_particle_that_has_just_bounced_flies_to_the_other_wall() =>
        Assert.Equal(9, WallEvent.Time(0.5, 1, 0, 0.5, 10));

    [Fact]
    public void A_rounding_step_beyond_the_wall_is_an_event_at_once_when_it_goes_on() =>
        Assert.Equal(7, WallEvent.Time(0.5 - 1e-16, -1, 7, 0.5, 10));

    [Fact]
    public void The_centre_is_at_the_face_to_rounding_at_the_event_time()
    {
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < 10_000; n++)
        {
            double position = 0.5 + 9 * random.NextUniform(), velocity = random.NextNormalPair().First;
            double time = WallEvent.Time(position, velocity, 0, 0.5, 10);
            Assert.Equal(WallEvent.FaceAhead(velocity, 0.5, 10), position + velocity * time, 5e-15);
        }
    }
}
