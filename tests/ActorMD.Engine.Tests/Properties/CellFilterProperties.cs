using ActorMD.Engine.Calendar;
using ActorMD.Physics;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>The filter of cells accepts every particle that comes within the reach.</summary>
public sealed unsafe class CellFilterProperties
{
    private const double Reach = 1, Width = 2, Duration = 16, SpeedMax = 8;

    private static Gen<(Vec3 Own, Vec3 OwnVelocity, Vec3 Relative, Vec3 OtherVelocity, double Since)> Approaches { get; } =
        from own in Gen.Three(Properties.Between(-Width, 2 * Width))
        from a in Gen.Three(Gen.OneOf(Properties.Between(-4, 4), Properties.Scaled(4)))
        from b in Gen.Three(Gen.OneOf(Properties.Between(-4, 4), Properties.Scaled(4)))
        from direction in Gen.Three(Properties.Between(-1, 1))
        from share in Gen.OneOf(Properties.Between(0, 1), Gen.Elements(1.0, 1 - 1e-9))
        from far in Properties.Between(0, 1.5 * Width)
        from since in Properties.Between(0, Duration)
        let u = new Vec3(a.Item1, a.Item2, a.Item3)
        let v = new Vec3(b.Item1, b.Item2, b.Item3)
        let g = v - u
        let d = new Vec3(direction.Item1, direction.Item2, direction.Item3)
        let length = Math.Max(1e-9, Math.Sqrt(d.LengthSquared))
        let apart = (share * Reach / length * (Vec3.Dot(d, g) > 0 ? -1 : 1)) * d
        let time = Math.Min(far / Math.Max(1e-9, Math.Sqrt(g.LengthSquared)), Duration - since) // as long as the cells live
        select (new Vec3(own.Item1, own.Item2, own.Item3), u, apart - time * g, v, since);

    [Fact]
    public void A_particle_that_comes_within_reach_is_accepted()
    {
        CellFilter filter = new(Reach, Width, Duration, SpeedMax);
        Assert.True(filter.IsUseful || !System.Runtime.Intrinsics.X86.Avx2.IsSupported);
        Properties.Hold(Approaches, 4000, a =>
        {
            const int Row = CellRecords.Row;
            Vec3 position = a.Own + a.Relative - a.Since * a.OtherVelocity;
            float* block = stackalloc float[CellRecords.BlockSize];
            for (int lane = 0; lane < Row; lane++)
            {
                (block[Row + lane], block[2 * Row + lane], block[3 * Row + lane]) = (
                    (float)position.X, (float)position.Y, (float)position.Z);
                (block[5 * Row + lane], block[6 * Row + lane], block[7 * Row + lane]) = (
                    (float)a.OtherVelocity.X, (float)a.OtherVelocity.Y, (float)a.OtherVelocity.Z);
            }

            CellFilter.Query own = new()
            {
                X = (float)a.Own.X,
                Y = (float)a.Own.Y,
                Z = (float)a.Own.Z,
                U = (float)a.OwnVelocity.X,
                V = (float)a.OwnVelocity.Y,
                W = (float)a.OwnVelocity.Z,
                Time = (float)a.Since,
            };
            Assert.Equal(0xFFu, filter.Accept(block, &own));
        });
    }
}
