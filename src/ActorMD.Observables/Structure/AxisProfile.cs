using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>Density, mean velocity and temperature of every species in layers along an axis.</summary>
internal sealed class AxisProfile(ObservablePlan plan, Gas gas) : Observable(plan, gas)
{
    private const int MassField = 5;

    // Number, sums of vx, vy, vz, v^2; where particles have their own masses, these times mass over mean mass, and the sum of that.
    private readonly int _fieldCount = gas.HasOwnSizes ? MassField + 1 : MassField;
    private readonly BlockMeans _means = new(gas.Species.Length * plan.Bins * (gas.HasOwnSizes ? MassField + 1 : MassField));

    public override bool SamplesStates => true;

    public override void Sample(SystemState state, EventTally tally)
    {
        double[] values = new double[Gas.Species.Length * Plan.Bins * _fieldCount];
        double length = Gas.Box.Lengths[Plan.Axis];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            double bin = PeriodicPosition.At(Gas.Box, particle, state.Time)[Plan.Axis] / length * Plan.Bins;
            if (!(bin >= 0 && bin <= Plan.Bins))
            {
                continue; // outside of an open box
            }

            (int species, double mass, _) = Gas.Kinds[particle.Kind];
            int at = _fieldCount * (species * Plan.Bins + Math.Min((int)bin, Plan.Bins - 1));
            values[at]++;
            if (_fieldCount > MassField)
            {
                double relative = mass / Gas.Species[species].Mass;
                values[at + 1] += relative * particle.Velocity.X;
                values[at + 2] += relative * particle.Velocity.Y;
                values[at + 3] += relative * particle.Velocity.Z;
                values[at + 4] += relative * particle.Velocity.LengthSquared;
                values[at + MassField] += relative;
                continue;
            }

            values[at + 1] += particle.Velocity.X;
            values[at + 2] += particle.Velocity.Y;
            values[at + 3] += particle.Velocity.Z;
            values[at + 4] += particle.Velocity.LengthSquared;
        }

        _means.Add(values);
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        int d = Gas.Dimension;
        double length = Gas.Box.Lengths[Plan.Axis], width = length / Plan.Bins, volume = Gas.Box.Volume / Plan.Bins;
        string[] axes = [.. ((string[])["x", "y", "z"]).Take(d)];
        List<object[]> rows = [];
        for (int a = 0; a < Gas.Species.Length && _means.Count > 0; a++)
        {
            for (int bin = 0; bin < Plan.Bins; bin++)
            {
                int at = _fieldCount * (a * Plan.Bins + bin), weight = _fieldCount > MassField ? at + MassField : at;
                double mass = Gas.Species[a].Mass;
                double[] all = _means.Means();
                double Density(double[] m) => m[at] / volume;
                double TemperatureIn(double[] m)
                {
                    Vec3 u = new Vec3(m[at + 1], m[at + 2], m[at + 3]) * (1 / m[weight]);
                    return mass * (m[at + 4] / m[weight] - u.LengthSquared) * (m[weight] / m[at]) / d;
                }

                List<object> row = [Gas.Species[a].Name, (bin + 0.5) * width, Density(all), _means.Error(Density)];
                for (int axis = 0; axis < d; axis++)
                {
                    int k = at + 1 + axis;
                    double Velocity(double[] m) => m[k] / m[weight];
                    row.AddRange([Velocity(all), _means.Error(Velocity)]);
                }

                row.AddRange([TemperatureIn(all), _means.Error(TemperatureIn)]);
                rows.Add([.. row]);
            }
        }

        yield return new ObservableTable(
            "",
            [
                $"Profiles along {"xyz"[Plan.Axis]}, means over time, one row per species and layer.",
                $"{"xyz"[Plan.Axis]}: middle of the layer, length. density: 1/length^d. velocity_x, ...: length/time.",
                "temperature: energy, about the mean velocity of the layer.",
                "Each has its standard error.",
            ],
            [
                "species", "xyz"[Plan.Axis].ToString(), "density", "density_error",
                .. axes.SelectMany(axis => (string[])[$"velocity_{axis}", $"velocity_{axis}_error"]), "temperature", "temperature_error",
            ],
            rows);
    }

    public override void Save(BinaryWriter writer) => _means.Save(writer);

    public override void Load(BinaryReader reader) => _means.Load(reader);
}
