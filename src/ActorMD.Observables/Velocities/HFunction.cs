using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Observables.Velocities;

/// <summary>
/// Boltzmann's H = integral of f ln f over velocities, of every species, from histograms of all velocity components at once.
/// </summary>
/// <remarks>
/// f has the integral 1. A histogram of few particles overestimates H by about (occupied bins - 1)/(2 N_a) (Miller and Madow); this is
/// subtracted.
/// </remarks>
internal sealed class HFunction(ObservablePlan plan, Gas gas) : Observable(plan, gas)
{
    private const double DefaultMax = 4; // thermal speeds

    private readonly double[] _ends = new double[gas.Species.Length];
    private readonly List<double[]> _rows = [];

    public override bool SamplesStates => true;

    public override bool BeginsAtOnce => true;

    public override void Begin(SystemState state, EventTally tally)
    {
        double temperature = Temperature.Of(Gas, state);
        for (int a = 0; a < _ends.Length; a++)
        {
            _ends[a] = (Plan.Max ?? DefaultMax) * Math.Sqrt(temperature / Gas.Species[a].Mass);
        }
    }

    public override void Sample(SystemState state, EventTally tally)
    {
        int s = _ends.Length, bins = Plan.Bins, d = Gas.Dimension, cells = d == 3 ? bins * bins * bins : bins * bins;
        int[] counts = new int[s * cells];
        int[] totals = new int[s];
        double[] squares = new double[s];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            int a = Gas.Kinds[particle.Kind].Species, cell = 0;
            Vec3 velocity = OwnMass.Scaled(Gas, particle);
            for (int axis = 0; axis < d; axis++)
            {
                int bin = (int)Math.Clamp((velocity[axis] / _ends[a] + 1) * 0.5 * bins, 0, bins - 1);
                cell = cell * bins + bin;
            }

            counts[a * cells + cell]++;
            totals[a]++;
            squares[a] += velocity.LengthSquared / d;
        }

        double[] row = new double[1 + 2 * s];
        row[0] = state.AbsoluteTime;
        for (int a = 0; a < s; a++)
        {
            double sum = 0, width = 2 * _ends[a] / bins;
            int occupied = 0;
            for (int cell = 0; cell < cells; cell++)
            {
                int count = counts[a * cells + cell];
                if (count > 0)
                {
                    double share = count / (double)totals[a];
                    sum += share * PortableMath.Log(share);
                    occupied++;
                }
            }

            double variance = squares[a] / totals[a];
            row[1 + 2 * a] = sum - d * PortableMath.Log(width) - (occupied - 1) / (2.0 * totals[a]);
            row[2 + 2 * a] = variance > 0 ? -0.5 * d * (PortableMath.Log(2 * Math.PI * variance) + 1) : double.NaN;
        }

        _rows.Add(row);
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        yield return new ObservableTable(
            "",
            [
                "Boltzmann's H = integral of f ln f over velocities, by histograms; f has the integral 1.",
                "time: simulation time. H_(species): in units where velocities have the unit of length/time.",
                "H_(species)_maxwellian: of a Maxwellian with the same <v^2>: the least value that H can have.",
            ],
            ["time", .. Gas.Species.SelectMany(species => (string[])[$"H_{species.Name}", $"H_{species.Name}_maxwellian"])],
            [.. _rows.Select(row => row.Select(value => (object)value).ToArray())]);
    }

    public override void Save(BinaryWriter writer)
    {
        foreach (double end in _ends)
        {
            writer.Write(end);
        }

        writer.Write(_rows.Count);
        foreach (double value in _rows.SelectMany(row => row))
        {
            writer.Write(value);
        }
    }

    public override void Load(BinaryReader reader)
    {
        for (int a = 0; a < _ends.Length; a++)
        {
            _ends[a] = reader.ReadDouble();
        }

        int count = reader.ReadInt32();
        _rows.Clear();
        for (int n = 0; n < count; n++)
        {
            double[] row = new double[1 + 2 * _ends.Length];
            for (int k = 0; k < row.Length; k++)
            {
                row[k] = reader.ReadDouble();
            }

            _rows.Add(row);
        }
    }
}
