using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>
/// The bad sets of [Mix Prop. 7.2, 8.2] and [High Prop. 8.2, Lemma 9.1] and the geometric lemmas [High 7.7-7.14] one by one.
/// </summary>
/// <remarks>
/// Velocities are uniform in the ball of radius 1 (eta stands for eta/R), impact parameters uniform on E in the measure of the kinetic
/// equation, on the half b &gt; 0 where a collision comes in. The tracked velocity, the other particles' positions and so the axes of the
/// cylinders
/// are fixed.
/// </remarks>
public static class GeometricFamilies
{
    // Fixed, and in no special position.
    private static readonly Vec3 Direction = new(0.48, 0.64, 0.6), Flat = new(0.6, 0.8, 0);
    private static readonly Vec3 Tracked = new(-0.3, 0.25, 0.2), Offset = new(0.21, -0.17, 0.11);

    /// <summary>t_0 of the good configurations, in units of the distance of two particles over R.</summary>
    public static ImmutableArray<double> GoodFrom { get; } = [0.5, 1, 2];

    /// <summary>The families of one order.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="order">k = l + 1.</param>
    /// <param name="masses">Of the k particles, the tracked one first.</param>
    public static ImmutableArray<GeometricFamily> Of(int dimension, int order, ImmutableArray<double> masses)
    {
        int d = dimension, l = order - 1;
        Vec3 axis = d == 3 ? Direction : Flat;
        Vec3 tracked = d == 3 ? Tracked : Tracked with { Z = 0 }, offset = d == 3 ? Offset : Offset with { Z = 0 };
        List<GeometricFamily> all = [];
        bool areAlike = masses.All(m => m == masses[0]);
        if (areAlike)
        {
            AddShapes(all, d, order, axis);
            all.Add(new(
                "V_i", order == 2 ? "[Mix 7.14, 8.58]" : "[High 8.58]", "eta/R", d, d, eta => Math.Pow(eta, d),
                (ref CounterRandom random) => Math.Sqrt((InBall(ref random, d) - tracked).LengthSquared)));
            all.Add(new(
                "U", order == 2 ? "[Mix 7.12]" : "[High 8.57]", "eta/R", 0.5 * (d - 1), d - 1, null,
                (ref CounterRandom random) => Distance(InBall(ref random, d), offset, axis)));
            all.Add(new(
                "M_s (two particles)", "[Mix 8.2, High 9.2]", "theta/|x_1 - x_2|", 0.5 * (d - 1), d - 1,
                theta => 0.5 * Beta.Regularised(0.5 * (d - 1), 0.5, theta * theta),
                (ref CounterRandom random) => Approach(InBall(ref random, d) - InBall(ref random, d), axis)));
        }

        string suffix = areAlike ? "" : FormattableString.Invariant($", masses {string.Join(" : ", masses)}");
        string source = order == 2 ? "[Mix 7.14, 7.29]" : "[High 8.63-8.64]";
        double proved = (d - 1) / (2.0 * l * d + 2);
        foreach ((string name, Vec3 through, bool isSpecial) in ((string, Vec3, bool)[])[("generic axis", offset, false), ("axis through v", tracked, true)])
        {
            for (int member = 0; member <= 1; member++)
            {
                int chosen = member;
                Collision collision = new(d, order, masses, tracked);
                all.Add(new(
                    $"U*({(member == 0 ? "v*" : "v_1*")}), {name}{suffix}", source, "eta/R", proved,
                    !isSpecial ? d - 1 : member == 0 && d == 3 ? 1 : null, null,
                    (ref CounterRandom random) => Distance(collision.Draw(ref random, chosen), through, axis)));
            }
        }

        if (areAlike && order == 2)
        {
            AddGoodConfigurations(all, d, axis);
        }

        return [.. all];
    }

    // What is no good configuration from t_0 on: particles at fixed places that fly back come closer than theta at a time after t_0. Units:
    // their distance, and it over R.
    private static void AddGoodConfigurations(List<GeometricFamily> all, int d, Vec3 axis)
    {
        // Two more sides of a triangle of equal sides.
        Vec3 across = d == 3 ? new Vec3(0.8, -0.36, -0.48) : new Vec3(0.8, -0.6, 0), third = 0.5 * axis + Math.Sqrt(0.75) * across;
        foreach (double from in GoodFrom)
        {
            all.Add(new(
                FormattableString.Invariant($"not G_2(theta, t0 = {from})"), "[Mix 7.4, High 8.2]", "theta/|x_1 - x_2|", 0.5 * (d - 1),
                    d - 1, null,
                (ref CounterRandom random) => ClosestAfter(InBall(ref random, d) - InBall(ref random, d), axis, from)));
            all.Add(new(
                FormattableString.Invariant($"not G_3(theta, t0 = {from})"), "[Mix 7.4, High 8.2]", "theta/|x_1 - x_2|", 0.5 * (d - 1),
                    d - 1, null,
                (ref CounterRandom random) =>
                {
                    Vec3 a = InBall(ref random, d), b = InBall(ref random, d), c = InBall(ref random, d);
                    return Math.Min(ClosestAfter(a - b, axis, from),
                        Math.Min(ClosestAfter(a - c, third, from), ClosestAfter(b - c, third - axis, from)));
                }));
        }
    }

    // Sets of impact parameters alone.
    private static void AddShapes(List<GeometricFamily> all, int d, int order, Vec3 axis)
    {
        int l = order - 1;
        all.Add(new(
            "cap", "[High 7.9]", "arccos alpha", 1, d - 1, angle => Beta.Regularised(0.5 * (d - 1), 0.5, Math.Sin(angle) * Math.Sin(angle)),
            OnShape(order, d, shape => Angle(shape[1] - shape[0], axis))));
        all.Add(new(
            "E^2", "[High 8.111]", "beta", 1, 1, null,
            (ref CounterRandom random) => Component(ref random, order, d)));
        if (l < 2)
        {
            return;
        }

        all.Add(new(
            "Omega_i", "[High 8.55]", "sqrt gamma", d, d, rho => Beta.Regularised(0.5 * d, 0.5 * (l - 1) * d, Math.Min(0.5 * order * rho * rho, 1)),
            OnShape(order, d, shape => Math.Sqrt((shape[1] - shape[0]).LengthSquared))));
        all.Add(new(
            "Omega_ij, strip", "[High 8.56, 7.14]", "sqrt gamma", 0.5 * (d - 1), d, rho => Beta.Regularised(0.5 * d, 0.5 * (l - 1) * d, Math.Min(0.5 * order * rho * rho, 1)),
            OnShape(order, d, shape => Math.Sqrt((shape[1] - shape[2]).LengthSquared))));
        all.Add(new(
            "cylinder", "[High 7.12, 7.13]", "rho", 0.5 * (d - 1), d - 1,
            rho => Beta.Regularised(0.5 * (d - 1), 0.5 * (l * d - d + 1), Math.Min(0.5 * order * rho * rho, 1)),
            OnShape(order, d, shape => Distance(shape[1] - shape[0], Vec3.Zero, axis))));
        all.Add(new(
            "cap of a difference", "[High 7.10]", "arccos alpha", 1, d - 1, angle => 0.5 * Beta.Regularised(0.5 * (d - 1), 0.5, Math.Sin(angle) * Math.Sin(angle)),
            OnShape(order, d, shape => Vec3.Dot(shape[1] - shape[2], axis) > 0 ? Angle(shape[1] - shape[2], axis) : double.PositiveInfinity)));
    }

    private static CriticalDraw OnShape(int order, int d, Func<Vec3[], double> value) => (ref CounterRandom random) =>
    {
        Vec3[] shape = new Vec3[order];
        AccessibleShare.DrawAtZone(ref random, d, 1, shape);
        return value(shape);
    };

    // b/|v'| on the half b > 0, for fixed directions of the velocities: v' has the length 1 in the first of l vectors.
    private static double Component(ref CounterRandom random, int order, int d)
    {
        Span<Vec3> shape = stackalloc Vec3[order];
        AccessibleShare.DrawAtZone(ref random, d, 1, shape);
        double b = 0;
        for (int m = 0; m < order; m++)
        {
            b += Vec3.Dot(shape[1] - shape[m], d == 3 ? Direction : Flat);
        }

        return Math.Abs(b); // both halves are alike
    }

    private static Vec3 InBall(ref CounterRandom random, int d)
    {
        while (true)
        {
            Vec3 v = new(2 * random.NextUniform() - 1, 2 * random.NextUniform() - 1, d == 3 ? 2 * random.NextUniform() - 1 : 0);
            if (v.LengthSquared <= 1)
            {
                return v;
            }
        }
    }

    private static double Distance(Vec3 point, Vec3 through, Vec3 axis)
    {
        Vec3 r = point - through;
        return Math.Sqrt(Math.Max(r.LengthSquared - Vec3.Dot(r, axis) * Vec3.Dot(r, axis), 0));
    }

    // Of two lines: 0 to pi/2.
    private static double Angle(Vec3 r, Vec3 axis)
    {
        double sine = Math.Sqrt(Vec3.Cross(r, axis).LengthSquared / r.LengthSquared);
        return Math.Asin(Math.Min(sine, 1));
    }

    // The closest distance of two points that fly back with this relative velocity, over their distance; infinity if they part.
    private static double Approach(Vec3 velocity, Vec3 axis) => Vec3.Dot(velocity, axis) > 0
        ? Math.Sqrt(Vec3.Cross(velocity, axis).LengthSquared / velocity.LengthSquared)
        : double.PositiveInfinity;

    // The least distance from a time on of two points that lie r apart and fly back with this relative velocity.
    private static double ClosestAfter(Vec3 velocity, Vec3 r, double from)
    {
        double time = Math.Max(Vec3.Dot(r, velocity) / velocity.LengthSquared, from);
        return Math.Sqrt((r - time * velocity).LengthSquared);
    }

    /// <summary>Velocities before a collision of the tracked particle with new ones.</summary>
    private sealed class Collision(int d, int order, ImmutableArray<double> masses, Vec3 tracked)
    {
        private readonly double[] _masses = [.. masses];

        public Vec3 Draw(ref CounterRandom random, int member)
        {
            Span<Vec3> velocities = stackalloc Vec3[order], shape = stackalloc Vec3[order];
            velocities[0] = tracked;
            for (int m = 1; m < order; m++)
            {
                velocities[m] = InBall(ref random, d);
            }

            AccessibleShare.DrawAtZone(ref random, d, 1, shape); // the reflection is the same on both halves of E
            TupleEvent.Collide(shape, _masses, velocities);
            return velocities[member];
        }
    }
}
