using ActorMD.Physics;

namespace ActorMD.Observables.Plans;

/// <summary>What can be measured. The word in a case file is the member's name in lower case with underscores.</summary>
public enum ObservableKind
{
    /// <summary>Radial distribution function of every pair of species, with its values at contact.</summary>
    Rdf,

    /// <summary>Static structure factor of every pair of species.</summary>
    StructureFactor,

    /// <summary>Mean squared displacement of every species, and self-diffusion from its slope.</summary>
    Msd,

    /// <summary>Velocity autocorrelation of every species, and self-diffusion from its integral.</summary>
    Vacf,

    /// <summary>Helfand moments: shear and bulk viscosity, thermal conductivity.</summary>
    Helfand,

    /// <summary>Mutual diffusion of every pair of species, from the displacement of one species against the other.</summary>
    MutualDiffusion,

    /// <summary>Statistics of collisions: free paths and times, impact parameters, relative speeds, recollisions.</summary>
    Collisions,

    /// <summary>Distributions of speeds and velocity components, and moments of the speed.</summary>
    Velocities,

    /// <summary>Boltzmann's H of every species as a function of time.</summary>
    HFunction,

    /// <summary>Density, mean velocity and temperature of every species along an axis.</summary>
    Profile,
}

/// <summary>One item of <c>output.observables</c>.</summary>
/// <param name="Name">Names the files: <c>observable-(name).csv</c>.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Every">Time between two samples.</param>
public sealed record ObservablePlan(string Name, ObservableKind Kind, double Every)
{
    /// <summary>The moments of the samples, where they are no multiples of <see cref="Every"/>.</summary>
    public TimeList? Times { get; init; }

    /// <summary>Number of bins: of distances, speeds, or layers.</summary>
    public int Bins { get; init; }

    /// <summary>End of the range: a distance, or a speed in thermal speeds sqrt(T/M); null: chosen by the kind.</summary>
    public double? Max { get; init; }

    /// <summary>Delays of time correlations; null where there are none.</summary>
    public LagPlan? Lags { get; init; }

    /// <summary>Axis of a profile: 0, 1 or 2.</summary>
    public int Axis { get; init; }

    /// <summary>Whether it needs every event.</summary>
    public bool NeedsEvents => Kind is ObservableKind.Msd or ObservableKind.Vacf or ObservableKind.Helfand
        or ObservableKind.MutualDiffusion or ObservableKind.Collisions;

    /// <summary>Whether it takes samples of whole states.</summary>
    public bool SamplesStates => Kind is ObservableKind.Rdf or ObservableKind.StructureFactor or ObservableKind.Velocities
        or ObservableKind.HFunction or ObservableKind.Profile;

    /// <summary>Whether it makes sense only where all sides are periodic.</summary>
    public bool NeedsPeriodicBox => Kind is ObservableKind.Rdf or ObservableKind.StructureFactor or ObservableKind.Helfand
        or ObservableKind.MutualDiffusion;

    /// <summary>Largest distance of a radial distribution function: by default four diameters, at most half of the shortest side.</summary>
    public double DistanceMax(Gas gas)
    {
        double half = double.PositiveInfinity;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            half = Math.Min(half, 0.5 * gas.Box.Lengths[axis]);
        }

        return Math.Min(half, Max ?? 4 * gas.DiameterMax);
    }
}

/// <summary>The delays at which a time correlation is taken.</summary>
/// <param name="Max">Largest delay, simulation time.</param>
/// <param name="IsLogarithmic">About ten per factor of ten, instead of every sample.</param>
/// <param name="OriginEvery">Time between two origins of time.</param>
public sealed record LagPlan(double Max, bool IsLogarithmic, double OriginEvery)
{
    private const double PerDecade = 10;

    /// <summary>The delays in units of the time between two samples, ascending from 0.</summary>
    public int[] Steps(double every)
    {
        int last = Math.Max(1, (int)Math.Round(Max / every));
        if (!IsLogarithmic)
        {
            return [.. Enumerable.Range(0, last + 1)];
        }

        List<int> steps = [0];
        double step = 1;
        for (int k = 1; step < last; k++)
        {
            int whole = (int)Math.Round(step);
            if (whole > steps[^1])
            {
                steps.Add(whole);
            }

            step = Physics.Numerics.PortableMath.Pow(10, k / PerDecade);
        }

        if (last > steps[^1])
        {
            steps.Add(last);
        }

        return [.. steps];
    }

    /// <summary>Samples from one origin of time to the next.</summary>
    public int OriginSteps(double every) => Math.Max(1, (int)Math.Round(OriginEvery / every));
}
