using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

public sealed class BoxTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.75, 0.75, 0)]
    [InlineData(1.5, 0, 1)]
    [InlineData(-1.5, 0, -1)]
    [InlineData(4.0, 1.0, 2)]
    [InlineData(-0.25, 1.25, -1)]
    public void Wrapping_takes_away_whole_boxes(double x, double expected, int expectedImage)
    {
        Assert.Equal(expected, Box.Wrap(x, 1.5, out int image), 15);
        Assert.Equal(expectedImage, image);
    }

    [Fact]
    public void A_tiny_negative_coordinate_wraps_to_zero_not_to_the_box_length()
    {
        Assert.Equal(0, Box.Wrap(-1e-20, 1.5, out int image));
        Assert.Equal(0, image);
        Assert.Equal(0, Box.Wrap(-double.Epsilon, 0.1, out _));
    }

    [Fact]
    public void The_last_number_below_the_box_length_stays()
    {
        double last = Math.BitDecrement(1.5);
        Assert.Equal(last, Box.Wrap(last, 1.5, out int image));
        Assert.Equal(0, image);
        Assert.InRange(Box.Wrap(last - 3, 1.5, out image), 1.4999999999, last);
        Assert.Equal(-2, image);
    }

    [Fact]
    public void Wrapped_coordinates_lie_inside_and_tell_where_the_particle_is()
    {
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < 100_000; n++)
        {
            double length = Math.Pow(10, 4 * random.NextUniform() - 2);
            double boxes = Math.Pow(10, 8 * random.NextUniform() - 4) * (random.NextUniform() < 0.5 ? -1 : 1);
            double x = (random.NextInteger(4) == 0 ? Math.Round(boxes) : boxes) * length;
            double wrapped = Box.Wrap(x, length, out int image);
            Assert.True(wrapped >= 0 && wrapped < length, $"{x:R} in {length:R}");
            Assert.True(Math.Abs(wrapped + image * length - x) <= 4e-16 * (Math.Abs(x) + length), $"{x:R} in {length:R}");
        }
    }

    [Fact]
    public void A_huge_coordinate_still_wraps_into_the_box()
    {
        double wrapped = Box.Wrap(1e9 + 0.3, 0.7, out int image);
        Assert.InRange(wrapped, 0, 0.7);
        Assert.Equal(1428571429, image);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-1e20)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_no_image_count_can_hold_is_refused(double x) =>
        Assert.Throws<PhysicsViolationException>(() => Box.Wrap(x, 0.7, out _));

    [Fact]
    public void The_nearest_image_is_the_shortest()
    {
        Box box = Box.Of(3, new Vec3(2, 3, 5), Boundary.Periodic) with { BoundaryY = Boundary.Reflecting };
        CounterRandom random = new(2, RandomStream.Testing);
        for (int n = 0; n < 10_000; n++)
        {
            Vec3 r = new(4 * random.NextUniform() - 2, 4 * random.NextUniform() - 2, 10 * random.NextUniform() - 5);
            Vec3 nearest = box.NearestImage(r);
            double shortest = double.PositiveInfinity;
            for (int i = -2; i <= 2; i++)
            {
                for (int k = -2; k <= 2; k++)
                {
                    shortest = Math.Min(shortest, (r + new Vec3(2 * i, 0, 5 * k)).LengthSquared);
                }
            }

            Assert.Equal(shortest, nearest.LengthSquared, 1e-13);
            Assert.Equal(-nearest, box.NearestImage(-r));
        }
    }

    [Fact]
    public void A_plane_box_has_no_third_axis()
    {
        Box box = Box.Of(2, new Vec3(2, 3, 99), Boundary.Reflecting);
        Assert.Equal(6, box.Volume);
        Assert.False(box.IsReflecting(2) || box.IsPeriodic(2) || box.IsOpen(2));
        Assert.True(box.Has(Boundary.Reflecting));
        Assert.False(box.Has(Boundary.Open));
    }
}
