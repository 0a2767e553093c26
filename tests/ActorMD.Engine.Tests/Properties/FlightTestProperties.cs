using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>
/// The tests of two flights in few bits reject none that comes close enough within the time: errors are on the safe side.
/// </summary>
public sealed unsafe class FlightTestProperties
{
    private const double Reach = 0.4; // in units of a cell

    /// <summary>The second flight as seen from the first: it comes as close as a share of the reach at some moment.</summary>
    private static Gen<(Vec3 Position, Vec3 Own, Vec3 Other, double From)> Meetings { get; } =
        from position in Gen.Three(Properties.Between(-0.2, 1.2))
        from own in Gen.Three(Gen.OneOf(Properties.Scaled(0.25), Properties.Between(-0.25, 0.25)))
        from other in Gen.Three(Gen.OneOf(Properties.Scaled(0.25), Properties.Between(-0.25, 0.25)))
        from direction in Gen.Three(Properties.Between(-1, 1))
        from from_ in Properties.Between(-1, 0.999)
        from at in Properties.Between(0, 1)
        from share in Gen.OneOf(Properties.Between(0, 1), Gen.Elements(1.0, 1 - 1e-7))
        let tau = from_ + (1 - from_) * at
        let unit = Unit(ToVec(direction))
        let g = ToVec(other) - ToVec(own)
        // At tau the distance is the share of the reach, against the relative flight so that it approaches.
        let apart = share * Reach * (Vec3.Dot(unit, g) > 0 ? -1 * unit : unit)
        select (apart - tau * g, ToVec(own), ToVec(other), from_);

    [Fact]
    public void Flights_in_lattice_steps_that_meet_are_not_rejected()
    {
        FlightTest test = new((float)(0.5 * Reach) * 1.00001f, zoneRadius: 0);
        float step = 1f / LatticeFlight.CellSteps;
        Properties.Hold(Meetings, 4000, m =>
        {
            // Positions of both are rounded, wherever they are on the lattice; so are the flights.
            Vec3 base_ = new(3.3, 5.7, 2.123456789);
            Vec3 r = (Rounded(base_ + m.Position) - Rounded(base_)) * step, g = (Rounded(m.Other) - Rounded(m.Own)) * step;
            uint meets = test.Meets(All(r.X), All(r.Y), All(r.Z), All(g.X), All(g.Y), All(g.Z), All(m.From), All(1), out uint joins);
            Assert.Equal(0xFFu, meets);
            Assert.Equal(0u, joins);
        });
    }

    [Fact]
    public void Flights_that_come_within_the_reach_of_a_zone_may_join_whether_they_separate_or_not()
    {
        FlightTest test = new(0.1f * (float)Reach, (float)(0.5 * Reach) * 1.00001f);
        float step = 1f / LatticeFlight.CellSteps;
        Properties.Hold(Meetings, 4000, m =>
        {
            Vec3 base_ = new(3.3, 5.7, 2.123456789);
            Vec3 r = (Rounded(base_ + m.Position) - Rounded(base_)) * step, g = (Rounded(m.Other) - Rounded(m.Own)) * step;
            test.Meets(All(r.X), All(r.Y), All(r.Z), All(g.X), All(g.Y), All(g.Z), All(m.From), All(1), out uint joins);
            Assert.Equal(0xFFu, joins);
            test.Meets(All(r.X), All(r.Y), All(r.Z), All(-g.X), All(-g.Y), All(-g.Z), All(-1), All(1), out joins);
            Assert.Equal(0xFFu, joins);
        });
    }

    [Fact]
    public void Listed_flights_that_meet_are_not_rejected()
    {
        Box box = new(3, new Vec3(8, 9, 7), Boundary.Periodic, Boundary.Periodic, Boundary.Reflecting);
        CellGeometry cells = new(box, Vec3.Zero, box.Lengths, 1);
        GridAxes axes = new(box, cells);
        const double FlightMax = 0.5;
        FixedPoint units = new(box, cells, axes, FlightMax);
        float error = 9f / (1 << 20);
        ListedFlightTest test = new(units.SlopeOf(4 * error));
        float reachSquared = units.SquareOf(Reach);
        Properties.Hold(Meetings, 4000, m =>
        {
            Vec3 first = new(3.3, 7.9, 3.1), second = first + m.Position; // in units of a cell
            Vector128<int> a = ToFixed(units, first), b = ToFixed(units, second);
            Vector128<float> r = Vector128.ConvertToSingle(b - a) * units.LookLengths;
            Split(units, m.Own, out Vector256<float> ownU, out Vector256<float> ownV, out Vector256<float> ownW);
            Split(units, m.Other, out Vector256<float> u, out Vector256<float> v, out Vector256<float> w);
            Assert.Equal(
                0xFFu,
                test.Meets(All(r[0]), All(r[1]), All(r[2]), u - ownU, v - ownV, w - ownW, All(m.From), Vector256.Create(reachSquared)));
        });
    }

    [Fact]
    public void The_window_finds_all_flights_that_come_close_along_every_axis()
    {
        const int Lattice = LatticeFlight.CellSteps;
        long near = 0;
        Gen<(int, int, int, int, int, int)> flight =
            from place in Gen.Three(Gen.Choose(-4 * Lattice, 4 * Lattice))
            from way in Gen.Three(Gen.Choose(-Lattice, Lattice))
            select (place.Item1, place.Item2, place.Item3, way.Item1, way.Item2, way.Item3);
        Properties.Hold(Gen.Resize(Gen.ArrayOf(flight), 150), 120, flights =>
        {
            using FlightRecords records = new(flights.Length, 8);
            records.Begin(flights.Length);
            for (int k = 0; k < flights.Length; k++)
            {
                (int x, int y, int z, int u, int v, int w) = flights[k];
                Vector128<short> numbers = LatticeFlight.Of(Vector128.Create(x, y, z, 0), Vector128.Create(u, v, w, 0), 0);
                records.Set(k, (LatticeFlight*)&numbers, k);
            }

            using AdjacentFlights window = new();
            window.Begin();
            window.Add(records, 0, flights.Length, 0, 0, 0);
            Vector128<int> reach = Vector128.Create(3000, 2500, 2000, 0);
            for (int first = 0, end; first < flights.Length; first = end)
            {
                end = flights.Length;
                HashSet<(int, int)> found = [];
                foreach (NearPair pair in window.FindNear(first, ref end, reach))
                {
                    Assert.InRange(pair.Other, pair.Own + 1, flights.Length - 1);
                    Assert.True(found.Add((pair.Own, pair.Other)), "a pair is found twice");
                }

                for (int own = first; own < end; own++)
                {
                    for (int other = own + 1; other < flights.Length; other++)
                    {
                        if (ComeClose(flights[own], flights[other], reach))
                        {
                            near++;
                            Assert.True(found.Contains((own, other)), $"{own} and {other} come close");
                        }
                    }
                }
            }
        });
        Assert.True(near > 1000, $"{near} pairs came close");
    }

    // Modulo 2^16, as coordinates are: |difference| <= |relative flight| + reach along every axis.
    private static bool ComeClose(
        (int X, int Y, int Z, int U, int V, int W) a, (int X, int Y, int Z, int U, int V, int W) b, Vector128<int> reach) =>
        Gap(a.X, b.X) <= Math.Abs(a.U - b.U) + reach[0] && Gap(a.Y, b.Y) <= Math.Abs(a.V - b.V) + reach[1]
        && Gap(a.Z, b.Z) <= Math.Abs(a.W - b.W) + reach[2];

    private static int Gap(int a, int b) => Math.Abs((int)(short)(a - b));

    private static Vec3 Rounded(Vec3 cells) => new(
        Math.Round(cells.X * LatticeFlight.CellSteps), Math.Round(cells.Y * LatticeFlight.CellSteps),
        Math.Round(cells.Z * LatticeFlight.CellSteps));

    private static Vector128<int> ToFixed(in FixedPoint units, Vec3 position)
    {
        Vector256<double> scaled = (Vector256.Create(position.X, position.Y, position.Z, 0) - units.Middles) * units.Scales;
        return Vector128.Create(Wrapped(scaled[0]), Wrapped(scaled[1]), Wrapped(scaled[2]), 0);
    }

    // A coordinate beyond the box is that of its image inside, as in a search.
    private static int Wrapped(double number) => unchecked((int)(long)Math.Round(number));

    private static void Split(in FixedPoint units, Vec3 flight, out Vector256<float> u, out Vector256<float> v, out Vector256<float> w)
    {
        uint word = units.WordOf(Vector128.Create((float)flight.X, (float)flight.Y, (float)flight.Z, 0));
        FixedPoint.Split(Vector256.Create((int)word), out u, out v, out w);
    }

    private static Vector256<float> All(double x) => Vector256.Create((float)x);

    private static Vec3 ToVec((double X, double Y, double Z) x) => new(x.X, x.Y, x.Z);

    private static Vec3 Unit(Vec3 x) => x.LengthSquared > 1e-12 ? 1 / Math.Sqrt(x.LengthSquared) * x : new Vec3(1, 0, 0);
}
