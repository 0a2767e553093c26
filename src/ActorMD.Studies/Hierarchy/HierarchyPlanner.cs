using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Studies.Boltzmann;
using static System.FormattableString;

namespace ActorMD.Studies.Hierarchy;

/// <summary>Makes a series of a case and of wishes, and refuses what is out of reach.</summary>
public static class HierarchyPlanner
{
    private const int TrackedMax = 4;
    private const int TermsMax = 8;
    private const int StrataMax = 4096;
    private const int ConditionedCountMax = 64;
    private const int NormalisationDraws = 2_000_000;

    // Of the time from which on the mass is infinite.
    private const double DefaultShare = 0.3;
    private const double NoisyShare = 0.5;

    /// <summary>The plan.</summary>
    /// <param name="case">Its gas and initial data.</param>
    /// <param name="casePath">For faults.</param>
    /// <param name="wishes">Of the user.</param>
    /// <exception cref="InputFaultException">What is wrong with the case or the wishes.</exception>
    public static HierarchyPlan Make(Case @case, string casePath, HierarchyWishes wishes)
    {
        SeriesFlow flow = FlowOf(wishes.Flow);
        List<string> notes = [];
        ThrowIfUnfit(@case, casePath, flow, notes);
        Gas gas = @case.Gas;
        ImmutableArray<double> temperatures = ThermalSpeeds.Temperatures(@case);
        BranchingBound bound = new(gas, @case.Counts, temperatures);
        ImmutableArray<int> tracked = TrackedOf(@case, wishes, flow);
        ImmutableArray<PhaseFunction> observables = [.. Names(@case, wishes).Select(name => Observable(name, @case, tracked))];
        ImmutableArray<double> times = wishes.Times is { } given ? [.. given.Order()] : [DefaultTime(bound, @case)];
        SeriesModel model = new(gas, @case.Counts, @case.Initial, tracked, observables, ThermalSpeeds.Of(@case), flow)
        {
            IsConditioned = flow != SeriesFlow.Boltzmann && @case.ParticleCount <= ConditionedCountMax,
            EnergyMax = wishes.EnergyMax ?? double.PositiveInfinity,
            Separation = wishes.Separation ?? 0,
        };
        if (flow != SeriesFlow.Boltzmann && !model.IsConditioned)
        {
            notes.Add(Invariant(
                $"{@case.ParticleCount} particles are too many to draw the conditioned initial law by trial: the series starts from independent draws of f_0 that do not overlap within a tree, a change of relative order N eps^d"));
        }

        bool isWhole = flow != SeriesFlow.Boltzmann && !model.Strata(wishes.Terms + 1).Any();
        ThrowIfOutOfReach(bound, times, isWhole, notes);
        ThrowIfTooMany(model, wishes.Terms);
        return new HierarchyPlan(
            model, times, wishes.Terms, wishes.Samples, bound, isWhole, model.IsConditioned ? NormalisationDraws : 0, wishes.Workers, [.. notes], wishes);
    }

    private static SeriesFlow FlowOf(string name) => name switch
    {
        "boltzmann" => SeriesFlow.Boltzmann,
        "free" => SeriesFlow.Free,
        "true" => SeriesFlow.True,
        _ => throw Fault("--flow", $"'{name}' is no flow", "give boltzmann, free or true"),
    };

    private static void ThrowIfUnfit(Case @case, string path, SeriesFlow flow, List<string> notes)
    {
        Box box = @case.Gas.Box;
        if (Enumerable.Range(0, box.Dimension).Any(axis => !box.IsPeriodic(axis)))
        {
            throw Fault(path, "the series needs a box that is periodic along all axes", "give boundary: periodic", "box.boundary");
        }

        InitialData data = @case.Initial;
        if (data.Positions.Method == PositionMethod.File || data.VelocitiesFromFile)
        {
            throw Fault(path, "the series needs the initial law, and a file has particles only", "give positions: { method: conditioned }", "initial.positions");
        }

        for (int a = 0; a < @case.Gas.Species.Length; a++)
        {
            string key = $"initial.velocities.{@case.Gas.Species[a].Name}";
            VelocityLaw law = data.Velocities.Species[a];
            if (law.HasPowerTail)
            {
                throw Fault(
                    path, "a power tail lies in no space with a Gaussian weight: the terms of its series have no finite mass",
                    "give a Maxwellian, or the shape polynomial or compact", key);
            }

            if (law.IsColdSomewhere)
            {
                throw Fault(path, "a gas of temperature 0 has no density of velocities", "give a temperature above 0", key);
            }
        }

        if (data.Velocities.TotalEnergy is null && data.Velocities.TotalMomentum is null)
        {
            return;
        }

        if (flow != SeriesFlow.Boltzmann)
        {
            throw Fault(
                path, "velocities that are shifted or scaled to a total are no independent draws of the initial law, which the series is about",
                "remove initial.total_energy and initial.total_momentum", "initial");
        }

        notes.Add("total_energy and total_momentum have no part in the Boltzmann hierarchy and are left out");
    }

    private static ImmutableArray<int> TrackedOf(Case @case, HierarchyWishes wishes, SeriesFlow flow)
    {
        int species = @case.Gas.Species.Length;
        if (wishes.Particles is not { } numbers)
        {
            // One particle of the species that the observables name, or of the first one.
            int named = Names(@case, wishes)
                .Select(name => PhaseFunction.TryParse(name, @case.Gas, out PhaseFunction? function) is null ? function!.Species : null)
                .FirstOrDefault(a => a is not null) ?? 0;
            return @case.Counts[named] > 0 || flow == SeriesFlow.Boltzmann ? [named] : throw Fault("--particles", "the species has no particle", "track another one");
        }

        if (numbers.Length > species)
        {
            throw Fault("--particles", Invariant($"{numbers.Length} numbers for {species} species"), "give one number for each species at most");
        }

        if (numbers.Sum() is < 1 or > TrackedMax)
        {
            throw Fault("--particles", Invariant($"{numbers.Sum()} particles cannot be tracked"), Invariant($"give 1 to {TrackedMax} in all"));
        }

        for (int a = 0; a < numbers.Length; a++)
        {
            if (flow != SeriesFlow.Boltzmann && numbers[a] > @case.Counts[a])
            {
                throw Fault("--particles", Invariant($"the case has {@case.Counts[a]} particles of {@case.Gas.Species[a].Name}"), "track fewer");
            }
        }

        return [.. numbers.SelectMany((number, a) => Enumerable.Repeat(a, number))];
    }

    private static ImmutableArray<string> Names(Case @case, HierarchyWishes wishes) => !wishes.Observables.IsEmpty
        ? wishes.Observables
        : @case.Initial.Positions.Densities.OfType<CosineProfile>().Any() ? ["wave", "energy", "slow"] : ["energy", "fourth", "slow"];

    private static PhaseFunction Observable(string name, Case @case, ImmutableArray<int> tracked)
    {
        if (PhaseFunction.TryParse(name, @case.Gas, out PhaseFunction? function) is { } remedy)
        {
            throw Fault("--observable", $"there is no observable '{name}'", remedy);
        }

        if (function!.Factor == PhaseFactor.Wave && !@case.Initial.Positions.Densities.OfType<CosineProfile>().Any())
        {
            throw Fault("--observable", "the case has no cosine density whose amplitude 'wave' could be", "choose another observable");
        }

        return function.Species is { } species && !tracked.Contains(species)
            ? throw Fault("--observable", $"'{name}' is of a species that is not tracked", "track one of its particles with --particles")
            : function;
    }

    private static double DefaultTime(BranchingBound bound, Case @case) =>
        double.IsFinite(bound.Limit()) ? DefaultShare * bound.Limit() : @case.Run.Until;

    private static void ThrowIfOutOfReach(BranchingBound bound, ImmutableArray<double> times, bool isWhole, List<string> notes)
    {
        double limit = bound.Limit(), last = times[^1];
        if (isWhole || last < NoisyShare * limit)
        {
            return;
        }

        if (last >= limit)
        {
            throw Fault(
                "--times",
                Invariant($"the series is out of reach at time {last:G4}: with all signs + its terms add up to infinity from time {limit:G4} on (2 l nu t >= 1 for l new particles at the rate nu), so that no number of terms is enough and what they leave of each other is noise"),
                Invariant($"give times below {limit:G4}, better below {DefaultShare * limit:G3}"));
        }

        notes.Add(Invariant($"time {last:G4} is {last / limit:F2} of the time from which on the series is out of reach: expect large errors and many terms left out"));
    }

    private static void ThrowIfTooMany(SeriesModel model, int terms)
    {
        if (terms is < 0 or > TermsMax)
        {
            throw Fault("--terms", Invariant($"{terms} terms are not possible"), Invariant($"give 0 to {TermsMax}"));
        }

        for (int k = 0; k <= terms; k++)
        {
            if (model.Strata(k).Take(StrataMax + 1).Count() > StrataMax)
            {
                throw Fault("--terms", Invariant($"trees of {k} steps have more than {StrataMax} different sequences of steps in this gas"), Invariant($"give at most {k - 1}"));
            }
        }
    }

    private static InputFaultException Fault(string file, string problem, string remedy, string? key = null) =>
        new(new InputFault(file, null, key, problem, remedy));
}
