using ActorMD.Files.Checkpoints;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>What a run notes at its beginning and at every sample.</summary>
internal static class Sampling
{
    /// <summary>Notes what must be conserved.</summary>
    public static RunProgress Begin(VelocityMoments initial) => new()
    {
        InitialEnergy = initial.Energy,
        InitialMomentum = initial.Momentum,
        InitialAngularMomentum = initial.AngularMomentum ?? Vec3.Zero,
    };

    /// <summary>A row of thermo.csv.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="last">The tally at the row before; null for the first row, which has no pressure.</param>
    /// <param name="current">The tally now.</param>
    /// <param name="moments">Of the state now.</param>
    public static ThermoRow Row(Gas gas, AveragesBaseline? last, AveragesBaseline current, VelocityMoments moments)
    {
        double temperature = moments.Temperature;
        double? pressure = last is null
            ? null
            : Pressure.FromVirial(gas, moments.Count, temperature, TallyMark.Of(last), TallyMark.Of(current));
        return new ThermoRow
        {
            Time = current.Time,
            Temperature = temperature,
            TemperatureBySpecies = moments.TemperatureBySpecies,
            Pressure = pressure,
            Z = Pressure.Compressibility(gas, moments.Count, temperature, pressure),
            Energy = moments.Energy,
            Momentum = moments.Momentum,
            AngularMomentum = moments.AngularMomentum ?? Vec3.Zero,
        };
    }

    /// <summary>Checks what must be conserved, and keeps the largest drifts.</summary>
    /// <exception cref="PhysicsViolationException">Something drifted by more than rounding explains.</exception>
    public static RunProgress CheckConserved(RunProgress progress, Gas gas, VelocityMoments moments, EventTally tally)
    {
        Drift drift = Drift.Since(progress, gas.Box, moments);
        double eventsPerParticle = (double)tally.EventCount * gas.OrderMax / moments.Count;
        if (drift.Violation(Drift.Tolerance(eventsPerParticle)) is { } violation)
        {
            throw new PhysicsViolationException(violation);
        }

        return progress with
        {
            EnergyDriftMax = Math.Max(progress.EnergyDriftMax, Math.Abs(drift.Energy ?? 0)),
            MomentumDriftMax = Math.Max(progress.MomentumDriftMax, drift.Momentum ?? 0),
            AngularMomentumDriftMax = Math.Max(progress.AngularMomentumDriftMax, drift.AngularMomentum ?? 0),
        };
    }
}
