using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Observables.Velocities;

/// <summary>Distributions of the speed and of the velocity components of every species, and the mean powers 2 to 8 of the speed.</summary>
internal sealed class VelocityDistribution : Observable
{
    private const int PowerMin = 2, PowerMax = 8;
    private const double DefaultMax = 5; // thermal speeds

    private readonly int[] _countOf;
    private readonly double[] _ends; // of the histograms, by species
    private readonly BlockMeans _speeds;
    private readonly BlockMeans _components;
    private readonly BlockMeans _powers;
    private readonly BlockMeans _squares; // of one component, by species

    /// <param name="plan">Bins and range.</param>
    /// <param name="gas">What is simulated.</param>
    /// <param name="speciesOf">By particle.</param>
    public VelocityDistribution(ObservablePlan plan, Gas gas, int[] speciesOf)
        : base(plan, gas)
    {
        int s = gas.Species.Length;
        _countOf = new int[s];
        foreach (int species in speciesOf)
        {
            _countOf[species]++;
        }

        _ends = new double[s];
        _speeds = new BlockMeans(s * plan.Bins);
        _components = new BlockMeans(s * plan.Bins);
        _powers = new BlockMeans(s * (PowerMax - PowerMin + 1));
        _squares = new BlockMeans(s);
    }

    public override bool SamplesStates => true;

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
        int s = _ends.Length, bins = Plan.Bins, d = Gas.Dimension, powerCount = PowerMax - PowerMin + 1;
        double[] speeds = new double[s * bins], components = new double[s * bins], powers = new double[s * powerCount],
            squares = new double[s];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            int a = Gas.Kinds[particle.Kind].Species;
            Vec3 velocity = OwnMass.Scaled(Gas, particle);
            double square = velocity.LengthSquared, speed = Math.Sqrt(square), power = square;
            double bin = speed / _ends[a] * bins;
            if (bin < bins)
            {
                speeds[a * bins + (int)bin] += 1.0 / _countOf[a];
            }

            for (int axis = 0; axis < d; axis++)
            {
                double at = (velocity[axis] / _ends[a] + 1) * 0.5 * bins;
                if (at >= 0 && at < bins)
                {
                    components[a * bins + (int)at] += 1.0 / (_countOf[a] * (double)d);
                }
            }

            for (int k = 0; k < powerCount; k++)
            {
                powers[a * powerCount + k] += power;
                power *= speed;
            }

            squares[a] += square / d;
        }

        for (int a = 0; a < s; a++)
        {
            squares[a] /= Math.Max(1, _countOf[a]);
            for (int k = 0; k < powerCount; k++)
            {
                powers[a * powerCount + k] /= Math.Max(1, _countOf[a]);
            }
        }

        _speeds.Add(speeds);
        _components.Add(components);
        _powers.Add(powers);
        _squares.Add(squares);
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        int s = _ends.Length, bins = Plan.Bins, powerCount = PowerMax - PowerMin + 1;
        List<object[]> rows = [], moments = [];
        for (int a = 0; a < s && _squares.Count > 0; a++)
        {
            double width = _ends[a] / bins;
            for (int bin = 0; bin < bins; bin++)
            {
                int k = a * bins + bin;
                double low = bin * width, v = -_ends[a] + 2 * bin * width;
                rows.Add([
                    Gas.Species[a].Name, low, low + width, _speeds.Mean(k) / width, _speeds.Error(k) / width,
                    v, v + 2 * width, _components.Mean(k) / (2 * width), _components.Error(k) / (2 * width)]);
            }

            for (int k = 0; k < powerCount; k++)
            {
                int power = PowerMin + k;
                moments.Add([
                    Gas.Species[a].Name, power, _powers.Mean(a * powerCount + k), _powers.Error(a * powerCount + k),
                    MaxwellPower(power, Gas.Dimension, _squares.Mean(a))]);
            }
        }

        yield return new ObservableTable(
            "",
            [
                "Distributions of velocities, one row per species and bin.",
                "speed_low, speed_high: bounds, length/time. speed_density: share of particles per speed, time/length, with",
                "its standard error.",
                "component_low, component_high: bounds of a velocity component (all axes together); component_density,",
                "time/length, with its standard error.",
            ],
            [
                "species", "speed_low", "speed_high", "speed_density", "speed_density_error", "component_low",
                "component_high", "component_density",
                "component_density_error",
            ],
            rows);
        yield return new ObservableTable(
            "-moments",
            [
                "Mean powers of the speed, <|v|^power>, one row per species and power: (length/time)^power, with standard errors.",
                "maxwellian: the same of a Maxwellian with the measured <v^2>.",
            ],
            ["species", "power", "moment", "moment_error", "maxwellian"],
            moments);
    }

    public override void Save(BinaryWriter writer)
    {
        foreach (double end in _ends)
        {
            writer.Write(end);
        }

        _speeds.Save(writer);
        _components.Save(writer);
        _powers.Save(writer);
        _squares.Save(writer);
    }

    public override void Load(BinaryReader reader)
    {
        for (int a = 0; a < _ends.Length; a++)
        {
            _ends[a] = reader.ReadDouble();
        }

        _speeds.Load(reader);
        _components.Load(reader);
        _powers.Load(reader);
        _squares.Load(reader);
    }

    /// <summary>Mean power of the speed of a Maxwellian: (2 s)^(p/2) Gamma((d + p)/2)/Gamma(d/2), s the variance of a component.</summary>
    internal static double MaxwellPower(int power, int dimension, double variance)
    {
        // Gamma((d + p)/2)/Gamma(d/2): down by steps of 1 to (d + 0 or 1)/2.
        double ratio = 1;
        int p = power;
        for (; p >= 2; p -= 2)
        {
            ratio *= 0.5 * (dimension + p - 2);
        }

        if (p == 1)
        {
            ratio *= dimension == 3 ? 2 / Math.Sqrt(Math.PI) : 0.5 * Math.Sqrt(Math.PI); // Gamma(2)/Gamma(3/2), Gamma(3/2)/Gamma(1)
        }

        return PortableMath.Pow(2 * variance, 0.5 * power) * ratio;
    }
}
