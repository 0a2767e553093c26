using System.Runtime.Intrinsics;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables.Currents;

/// <summary>Shear and bulk viscosity and thermal conductivity by Helfand's moments.</summary>
/// <remarks>
/// <para>
/// Momentum: G_ab = sum of m x_a v_b; its current is sum m v_a v_b, and an event transfers sum over participants of r_a dp_b, with r from
/// any one of them. Energy: G_a = sum of x_a m v^2/2; its current is sum v_a m v^2/2, and an event transfers sum of r_a de. This holds
/// for events of any order, since an event keeps momentum and energy. E. Helfand, Phys. Rev. 119, 1 (1960); Alder, Gass, Wainwright, J.
/// Chem. Phys. 53, 3813 (1970).
/// </para>
/// <para>
/// eta = lim &lt;dG_xy^2&gt;/(2 V T t), averaged over the traceless symmetric part of G (Daivis, Evans, J. Chem. Phys. 100, 541 (1994));
/// zeta = lim &lt;(dG_aa/d - P V t)^2&gt;/(2 V T t); lambda = lim &lt;|dG|^2&gt;/(2 d V T^2 t).
/// </para>
/// </remarks>
/// <param name="plan">Delays and intervals.</param>
/// <param name="gas">What is simulated.</param>
/// <param name="ownMasses">By particle, where its species does not tell its mass.</param>
internal sealed class HelfandMoments(ObservablePlan plan, Gas gas, double[]? ownMasses = null) : MomentSeries(plan, gas, Width, ValueCount)
{
    private const int Width = 9; // xx, yy, zz, xy, xz, yz of the momentum; x, y, z of the energy
    private const int ValueCount = 4; // shear squared, trace/d squared, trace/d, heat squared

    private readonly double[] _masses = [.. gas.Species.Select(species => species.Mass)];
    private readonly double[]? _ownMasses = ownMasses;
    private double _temperature;
    private Vec3 _drift;

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_temperature);
        writer.Write(_drift.X);
        writer.Write(_drift.Y);
        writer.Write(_drift.Z);
    }

    public override void Load(BinaryReader reader)
    {
        base.Load(reader);
        _temperature = reader.ReadDouble();
        _drift = new Vec3(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        List<object[]> rows = [];
        double scale = 2 * Gas.Box.Volume * _temperature;
        double pressure = LagCount > 1 && MeansOf(1).Count > 0 ? (Last[0] + Last[1] + Last[2]) / (Gas.Dimension * Duration) : 0; // times V
        for (int lag = 1; lag < LagCount && MeansOf(lag).Count > 0; lag++)
        {
            BlockMeans means = MeansOf(lag);
            double time = Lag(lag), step = time - Lag(lag - 1), mean = pressure * time, before = pressure * Lag(lag - 1);
            Func<double[], double>[] moments =
            [
                m => m[0] / scale,
                m => (m[1] - 2 * m[2] * mean + mean * mean) / scale,
                m => m[3] / (scale * _temperature * Gas.Dimension),
            ];
            Func<double[], double>[] slopes =
            [
                m => (m[0] - m[4]) / (scale * step),
                m => (m[1] - 2 * m[2] * mean + mean * mean - (m[5] - 2 * m[6] * before + before * before)) / (scale * step),
                m => (m[3] - m[7]) / (scale * _temperature * Gas.Dimension * step),
            ];
            double[] all = means.Means();
            List<object> row = [time, means.Count];
            for (int k = 0; k < moments.Length; k++)
            {
                row.AddRange([moments[k](all), means.Error(moments[k]), slopes[k](all), means.Error(slopes[k])]);
            }

            rows.Add([.. row]);
        }

        yield return new ObservableTable(
            "",
            [
                "Helfand moments: <dG^2>/(2 V T) of momentum (shear, bulk; mass/length^(d-2)) and <dG^2>/(2 V T^2) of energy",
                "(heat), against the delay.",
                "time: delay. origins: from how many. Each moment has its standard error.",
                "shear_viscosity, bulk_viscosity (mass/(length^(d-2) time)), conductivity (1/(length^(d-2) time)): slope since",
                "the delay before. Where it no longer changes it is the transport coefficient.",
                "In a mixture the conductivity is that of the whole energy current without mass currents (momentum zero),",
                "thermal diffusion included.",
            ],
            [
                "time", "origins", "shear_moment", "shear_moment_error", "shear_viscosity", "shear_viscosity_error",
                "bulk_moment", "bulk_moment_error",
                "bulk_viscosity", "bulk_viscosity_error", "heat_moment", "heat_moment_error", "conductivity", "conductivity_error",
            ],
            rows);
    }

    protected override void BeginRates(SystemState state)
    {
        _drift = MeanVelocity.Of(Gas, state);
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            AddRates(Gas.Kinds[particle.Kind].Mass, particle.Velocity - _drift, Rates);
        }

        _temperature = (Rates[0] + Rates[1] + Rates[2]) / (Gas.Dimension * (double)state.Particles.Length);
    }

    protected override void Add(in EventView happened, double left)
    {
        Span<double> change = stackalloc double[Width];
        change.Clear();
        double[] moments = Moments;
        for (int k = 0; k < happened.Ids.Length; k++)
        {
            double mass = _ownMasses is null ? _masses[happened.Species[k]] : _ownMasses[happened.Ids[k]];
            Vec3 before = happened.Before[k] - _drift, after = happened.After[k] - _drift;
            AddRates(-mass, before, change);
            AddRates(mass, after, change);
            if (k > 0)
            {
                Vec3 r = happened.Offsets[k], push = mass * (after - before);
                double energy = 0.5 * mass * (after.LengthSquared - before.LengthSquared);
                moments[0] += r.X * push.X;
                moments[1] += r.Y * push.Y;
                moments[2] += r.Z * push.Z;
                moments[3] += r.X * push.Y;
                moments[4] += r.X * push.Z;
                moments[5] += r.Y * push.Z;
                moments[6] += r.X * energy;
                moments[7] += r.Y * energy;
                moments[8] += r.Z * energy;
            }
        }

        for (int c = 0; c < Width; c++)
        {
            Rates[c] += change[c];
            moments[c] += change[c] * left;
        }
    }

    // As Add does, in vectors: the four velocities before and after lie side by side, and what was before is taken away.
    protected override void AddPair(in PairRecord happened, int first, int second, double left)
    {
        double m = _ownMasses is null ? _masses[first] : _ownMasses[happened.First];
        double n = _ownMasses is null ? _masses[second] : _ownMasses[happened.Second];
        Vec3 a = happened.FirstBefore, b = happened.FirstAfter, c = happened.SecondBefore, d = happened.SecondAfter, r = happened.Impact;
        Vector256<double> x = Vector256.Create(a.X, b.X, c.X, d.X) - Vector256.Create(_drift.X);
        Vector256<double> y = Vector256.Create(a.Y, b.Y, c.Y, d.Y) - Vector256.Create(_drift.Y);
        Vector256<double> z = Vector256.Create(a.Z, b.Z, c.Z, d.Z) - Vector256.Create(_drift.Z);
        Vector256<double> mass = Vector256.Create(-m, m, -n, n), px = mass * x, py = mass * y, pz = mass * z;
        Vector256<double> xx = px * x, yy = py * y, zz = pz * z, energy = Vector256.Create(0.5) * (xx + yy + zz);
        Vector256<double> change = Vector256.Create(Sum(xx), Sum(yy), Sum(zz), Sum(px * y));
        Vector256<double> others = Vector256.Create(Sum(px * z), Sum(py * z), Sum(energy * x), Sum(energy * y));
        double last = Sum(energy * z), pushX = Later(px), pushY = Later(py), pushZ = Later(pz), given = Later(energy);
        Vector256<double> moved = Vector256.Create(r.X, r.Y, r.Z, r.X) * Vector256.Create(pushX, pushY, pushZ, pushY);
        Vector256<double> movedOthers = Vector256.Create(r.X, r.Y, r.X, r.Y) * Vector256.Create(pushZ, pushZ, given, given);
        ref double rates = ref Rates[0], moments = ref Moments[0];
        Vector256<double> time = Vector256.Create(left);
        (Vector256.LoadUnsafe(ref rates) + change).StoreUnsafe(ref rates);
        (Vector256.LoadUnsafe(ref rates, 4) + others).StoreUnsafe(ref rates, 4);
        Rates[8] += last;
        (Vector256.LoadUnsafe(ref moments) + (moved + change * time)).StoreUnsafe(ref moments);
        (Vector256.LoadUnsafe(ref moments, 4) + (movedOthers + others * time)).StoreUnsafe(ref moments, 4);
        Moments[8] += r.Z * given + last * left;
    }

    private static double Sum(Vector256<double> terms)
    {
        Vector128<double> halves = terms.GetLower() + terms.GetUpper();
        return halves.ToScalar() + halves.GetElement(1);
    }

    // Of the second particle.
    private static double Later(Vector256<double> terms) => terms.GetElement(2) + terms.GetElement(3);

    protected override void Evaluate(ReadOnlySpan<double> change, Span<double> values)
    {
        int d = Gas.Dimension;
        double mean = (change[0] + change[1] + change[2]) / d;
        double shear = 2 * (change[3] * change[3] + change[4] * change[4] + change[5] * change[5]);
        for (int axis = 0; axis < d; axis++)
        {
            shear += (change[axis] - mean) * (change[axis] - mean);
        }

        values[0] = shear / ((d - 1) * (d + 2));
        values[1] = mean * mean;
        values[2] = mean;
        values[3] = change[6] * change[6] + change[7] * change[7] + change[8] * change[8];
    }

    private static void AddRates(double mass, Vec3 v, Span<double> rates)
    {
        double energy = 0.5 * mass * v.LengthSquared;
        rates[0] += mass * v.X * v.X;
        rates[1] += mass * v.Y * v.Y;
        rates[2] += mass * v.Z * v.Z;
        rates[3] += mass * v.X * v.Y;
        rates[4] += mass * v.X * v.Z;
        rates[5] += mass * v.Y * v.Z;
        rates[6] += energy * v.X;
        rates[7] += energy * v.Y;
        rates[8] += energy * v.Z;
    }
}
