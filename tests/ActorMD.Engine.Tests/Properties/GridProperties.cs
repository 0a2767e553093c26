using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Physics;
using ActorMD.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>The cells around a place hold all that is within reach, in every image.</summary>
public sealed unsafe class GridProperties
{
    private static Gen<(GridAxes Axes, Vec3 Lengths, Vec3 Centre, Vec3 Offset, double Radius)> Balls { get; } =
        from planar in Gen.Elements(false, true)
        from walls in Gen.Elements(false, true)
        from side in Properties.Between(4, 12)
        from centre in Gen.Three(Properties.Between(0, 0.999))
        from direction in Gen.Three(Properties.Between(-1, 1))
        from radius in Properties.Between(0.1, 3)
        from share in Properties.Between(0, 0.999)
        let box = Gases.BoxOf(planar ? 2 : 3, side, walls ? Boundary.Reflecting : Boundary.Periodic, Boundary.Periodic, Boundary.Periodic)
        let axes = new GridAxes(box, new CellGeometry(box, Vec3.Zero, box.Lengths, 1))
        let lengths = new Vec3(axes.First.Length, axes.Second.Length, axes.Third.Length)
        let offset = new Vec3(planar ? 0 : direction.Item1, direction.Item2, direction.Item3)
        let scale = share * radius / Math.Max(1e-9, Math.Sqrt(offset.LengthSquared))
        select (axes, lengths, new Vec3(planar ? 0 : centre.Item1 * lengths.X, centre.Item2 * lengths.Y, centre.Item3 * lengths.Z),
            scale * offset, radius);

    [Fact]
    public void The_cells_that_a_ball_touches_hold_all_its_points()
    {
        int wrapped = 0;
        Properties.Hold(Balls, 3000, b =>
        {
            using CellBall ball = new(b.Axes);
            ball.Find(Vector(b.Centre), (float)b.Radius, Vector128.Create(1e-5f, 1e-5f, 1e-5f, 0));
            Vec3 point = b.Centre + b.Offset;
            int x = CellOf(b.Axes.First, point.X), y = CellOf(b.Axes.Second, point.Y), z = CellOf(b.Axes.Third, point.Z);
            bool isInside = false;
            for (CellStretch* stretch = ball.Stretches, end = stretch + ball.Count; stretch < end; stretch++)
            {
                isInside |= stretch->X == x && stretch->Y == y && z >= stretch->Z && z < stretch->Z + stretch->Cells;
                wrapped += stretch->ShiftX != 0 || stretch->ShiftY != 0 || stretch->ShiftZ != 0 ? 1 : 0;
            }

            Assert.True(isInside, $"no stretch holds the cell {x}, {y}, {z}");
        });
        Assert.True(wrapped > 1000, $"{wrapped} stretches were in another image");
    }

    [Fact]
    public void The_range_of_cells_around_a_place_holds_all_points_in_reach() => Properties.Hold(Balls, 3000, b =>
    {
        Vector128<float> centre = Vector(b.Centre), reach = Vector128.Create((float)b.Radius + 1e-5f);
        Vector128<int> low = b.Axes.CellsAt(centre - reach), high = b.Axes.CellsAt(centre + reach),
            cell = b.Axes.CellsAt(Vector(b.Centre + b.Offset));
        Assert.True(
            Vector128.LessThanOrEqualAll(low, cell) && Vector128.LessThanOrEqualAll(cell, high), $"{cell} is not in {low} .. {high}");
    });

    private static Vector128<float> Vector(Vec3 x) => Vector128.Create((float)x.X, (float)x.Y, (float)x.Z, 0);

    private static int CellOf(in GridAxis axis, double x) => axis.IndexOf(axis.Inside((float)x));
}
