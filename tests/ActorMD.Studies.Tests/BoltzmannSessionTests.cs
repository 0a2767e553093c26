using System.Security.Cryptography;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Verification;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Studies.Tests;

/// <summary>Kinetic solutions of cases and their run folders.</summary>
public sealed class BoltzmannSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_holds_means_errors_profiles_and_a_summary()
    {
        Case @case = Wave();
        BoltzmannPlan plan = Plan(@case, runs: 3, cells: [20, 1, 1]);
        RunOutcome outcome = Solve(@case, plan, "wave", refine: true);
        RunFolder folder = new(_folder["wave"]);
        RunSummary summary = RunSummary.Read(folder.SummaryPath);
        Assert.Equal(outcome.Summary!.Digest, summary.Digest);
        Assert.Equal(5, ThermoReader.Read(folder.ThermoPath, @case.Gas).Length);
        Assert.Equal(5, ThermoReader.Read(folder.ThermoErrorsPath, @case.Gas).Length);
        string[] profiles = File.ReadAllLines(folder.ProfilesPath);
        Assert.StartsWith("time,species,x,density,density_error,velocity_x,", profiles[0], StringComparison.Ordinal);
        Assert.Equal(1 + 5 * 20 * 2, profiles.Length);
        KineticSummary kinetic = summary.Kinetic!;
        Assert.Equal(3, kinetic.Runs);
        Assert.Equal(2000, kinetic.SimulatedParticles);
        Assert.Equal([20, 1, 1], kinetic.Cells.AsEnumerable());
        Assert.Equal(BoltzmannConstants.Pair(@case.Gas, @case.Counts, 0, 1), kinetic.Coefficients["AB"]);
        Assert.InRange(kinetic.StandardErrors!["frequency_AB"]!.Value, 1e-9, 1);
        Assert.Equal(3, kinetic.Refinement!.Value.Length);
        Assert.Equal([20, 1, 1], kinetic.Refinement.Value[0].Cells.AsEnumerable());
        Assert.Equal([40, 1, 1], kinetic.Refinement.Value[1].Cells.AsEnumerable());
        Assert.Equal(0.5 * plan.TimeStep, kinetic.Refinement.Value[2].TimeStep);
        Assert.True(RunVerifier.Verify(folder).IsSound);
    }

    [Fact]
    public void Threads_change_no_digest_and_the_seed_does()
    {
        Case @case = Wave();
        string[] digests =
        [
            Digest(@case, workers: 1, "a"), Digest(@case, workers: 2, "b"), Digest(@case, workers: 5, "c"), Digest(@case with { Seed = 2 }, workers: 1, "d"),
        ];
        Assert.Equal(digests[0], digests[1]);
        Assert.Equal(digests[0], digests[2]);
        Assert.NotEqual(digests[0], digests[3]);

        string Digest(Case c, int workers, string name) =>
            Solve(c, Plan(c, runs: 2, cells: [10, 2, 1], workers), name).Summary!.Digest;
    }

    [Fact]
    public void Particles_of_a_file_are_initial_data_and_a_cloud_of_them_collides_as_often_as_one_that_is_drawn()
    {
        // The same cloud of 1760 collisions as below, its 10 000 particles from a state; the number of close pairs of one draw scatters by
        // 1 to 2 percent.
        Gas gas = new(Box.Cube(1, Boundary.Open), [new Species("A", 1, 0.005)], []);
        InitialData law = new(new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([new Maxwellian(1, Vec3.Zero)]));
        SystemState state = InitialState.Build(gas, [10_000], law, 1);
        Case @case = Uniform() with
        {
            Gas = gas,
            Counts = [10_000],
            Initial = new InitialData(new PositionPlan(PositionMethod.File, File: "cloud.csv"),
                new VelocityPlan([new Maxwellian(0, Vec3.Zero)]), VelocitiesFromFile: true),
            Run = new RunPlan(0, 3, 1, null),
        };
        Case loaded = FileStart.Of(new CaseLoad(@case, [], [], ParticleFrame.Of(gas, state)), "case");
        Assert.Equal(1, loaded.Initial.Velocities.Species[0].TemperatureIn(gas.Box), 0.05);
        BoltzmannPlan plan = BoltzmannPlanner.Make(loaded, "case", new BoltzmannWishes(20_000, [16, 16, 16], 0.02, 4, 2));
        RunSummary summary = Solve(loaded, plan, "file").Summary!;
        Assert.Equal(1760, summary.CollisionFrequency["AA"]!.Value * 10_000 * 3 / 2, 0.06 * 1760);
        // Every particle of the file twice: its energy and momentum, to rounding.
        double energy = state.Particles.Sum(p => 0.5 * p.Velocity.LengthSquared);
        Assert.Equal(energy, summary.Energy.Initial, 1e-9 * energy);
        // Without the particles, and with one outside the box, there is a sentence.
        Assert.Contains("no law", Refused(() => BoltzmannPlanner.Make(@case, "case", new BoltzmannWishes(20_000, null, null, 4, 2))),
            StringComparison.Ordinal);
        state.Particles[7].Position = new Vec3(-0.5, 0.5, 0.5);
        Assert.Contains(
            "particle 7 of the file lies at x = -0.5",
                Refused(() => FileStart.Of(new CaseLoad(@case, [], [], ParticleFrame.Of(gas, state)), "case")),
            StringComparison.Ordinal);

        static string Refused(Action action) => Assert.Single(Assert.Throws<InputFaultException>(action).Faults).Problem;
    }

    [Fact]
    public void Draws_from_a_file_take_every_particle_as_often_as_they_can()
    {
        Gas gas = new(Box.Square(1), [new Species("A", 1, 0.01), new Species("B", 1, 0.01)], []);
        ParticleState[] particles =
            [.. Enumerable.Range(0, 12).Select(n => new ParticleState { Kind = n % 2, Position = new Vec3(n, 0, 0) })];
        InitialSample sample = new(gas, particles, hasVelocities: true);
        ActorMD.Physics.RandomNumbers.CounterRandom random = new(1, ActorMD.Physics.RandomNumbers.RandomStream.Testing);
        ParticleState[] many = sample.Draw(1, 15, ref random), few = sample.Draw(0, 4, ref random);
        Assert.Equal([2, 2, 2, 3, 3, 3], many.GroupBy(p => p.Position.X).Select(g => g.Count()).Order());
        Assert.All(many, p => Assert.Equal(1, p.Kind));
        Assert.Equal(4, few.Select(p => p.Position.X).Distinct().Count());
    }

    [Fact]
    public void A_cloud_that_expands_collides_as_often_as_straight_paths_meet_with_any_number_of_threads()
    {
        // The gas of examples/expansion.yaml: 1760 collisions, because pairs on straight paths meet with probability eps^2/4 <1/r^2>,
        // <1/r^2> = 5.634.
        Case cloud = Uniform() with
        {
            Gas = new Gas(Box.Cube(1, Boundary.Open), [new Species("A", 1, 0.005)], []),
            Counts = [10_000],
            Initial = new InitialData(new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([new Maxwellian(1, Vec3.Zero)])),
            Run = new RunPlan(0, 3, 1, null),
        };
        BoltzmannPlan plan = BoltzmannPlanner.Make(cloud, "case", new BoltzmannWishes(20_000, [16, 16, 16], 0.02, 4, 2));
        RunSummary summary = Solve(cloud, plan, "cloud").Summary!;
        double collisions = summary.CollisionFrequency["AA"]!.Value * 10_000 * 3 / 2;
        Assert.Equal(1760, collisions, 0.04 * 1760);
        Assert.Null(summary.Pressure.Value);
        Assert.Equal(0, summary.Energy.RelativeDrift!.Value, 1e-10);
        Assert.Equal(summary.Digest, Solve(cloud, plan with { WorkerCount = 1 }, "again").Summary!.Digest);
        Assert.True(RunVerifier.Verify(new RunFolder(_folder["cloud"])).IsSound);
    }

    [Fact]
    public void Another_kernel_keeps_the_rates_and_changes_the_solution_and_its_command_says_so()
    {
        Case @case = Uniform();
        BoltzmannPlan soft = BoltzmannPlanner.Make(@case, "case", new BoltzmannWishes(5000, null, null, 2, 1, System.Collections.Immutable.ImmutableSortedDictionary<int, double>.Empty.Add(2, 0)));
        Assert.EndsWith("--kernel 2=0", soft.Command(refine: false), StringComparison.Ordinal);
        RunSummary mine = Solve(@case, soft, "soft").Summary!, spheres = Solve(@case, Plan(@case, runs: 2, particles: 5000), "spheres").Summary!;
        Assert.NotEqual(mine.Digest, spheres.Digest);
        Assert.Equal(spheres.CollisionFrequency["AA"]!.Value, mine.CollisionFrequency["AA"]!.Value, 0.05 * spheres.CollisionFrequency["AA"]!.Value);
        Assert.Throws<InputFaultException>(() => BoltzmannPlanner.Make(
            @case, "case", new BoltzmannWishes(5000, null, null, 2, 1, System.Collections.Immutable.ImmutableSortedDictionary<int, double>.Empty.Add(5, 0))));
    }

    [Fact]
    public void Collision_frequencies_are_those_of_the_closed_form()
    {
        Case @case = Uniform() with { Run = new RunPlan(1, 4, 1, null) };
        RunSummary summary = Solve(@case, Plan(@case, runs: 4, particles: 20_000), "rates").Summary!;
        double[] variances = [1, 0.25];
        foreach ((string key, int a, int b) in ((string, int, int)[])[("AA", 0, 0), ("AB", 0, 1), ("BB", 1, 1)])
        {
            double expected = CollisionFrequency.Pair(3, @case.Counts[b], @case.Gas.ContactDistance(a, b), variances[a], variances[b]);
            double error = summary.Kinetic!.StandardErrors![$"frequency_{key}"]!.Value;
            // Four runs tell their error to 40 percent only.
            Assert.Equal(expected, summary.CollisionFrequency[key]!.Value, 6 * error + 1e-3 * expected);
            Assert.InRange(error, 0, 0.02 * expected);
        }

        double triples = CollisionFrequency.Tuple(3, 3, 1000, 0.1, 1);
        double measured = summary.CollisionFrequency["order3"]!.Value;
        Assert.InRange(measured, 0.5 * triples, triples); // B is slower: between the rates of all A and all B
        Assert.Equal(1, summary.Pressure.Z!.Value, 1e-12);
        Assert.Equal(@case.Counts.Sum(), summary.Pressure.Value!.Value / summary.Temperature.Overall!.Value, 1e-6);
    }

    [Fact]
    public void A_stopped_solution_keeps_its_rows_and_goes_on_to_the_same_bits()
    {
        Case @case = Wave();
        using CancellationTokenSource stop = new();
        using (BoltzmannSession session = BoltzmannSession.Start(@case, Plan(@case, runs: 2, cells: [20, 1, 1]), _folder["stopped"], false))
        {
            RunOutcome outcome = session.Run(new StopAt(0.2, stop), stop.Token);
            Assert.False(outcome.IsFinished);
        }

        RunFolder folder = new(_folder["stopped"]);
        Assert.False(File.Exists(folder.SummaryPath));
        Assert.InRange(ThermoReader.Read(folder.ThermoPath, @case.Gas).Length, 1, 4);
        Assert.Throws<InputFaultException>(() => BoltzmannSession.Start(@case, Plan(@case, runs: 1), folder.Directory, force: false));
        Assert.True(BoltzmannSession.IsIn(folder));
        using (BoltzmannSession session = BoltzmannSession.Resume(@case, folder, workers: 3))
        {
            Assert.True(session.Run(new Onlooker(), CancellationToken.None).IsFinished);
        }

        Assert.False(BoltzmannSession.IsIn(folder));
        Solve(@case, Plan(@case, runs: 2, cells: [20, 1, 1]), "whole");
        RunFolder whole = new(_folder["whole"]);
        RunSummary expected = RunSummary.Read(whole.SummaryPath), resumed = RunSummary.Read(folder.SummaryPath);
        Assert.Equal(expected.Digest, resumed.Digest);
        Assert.Equal(expected.CollisionFrequency, resumed.CollisionFrequency);
        Assert.Equal(expected.Kinetic!.Attempts, resumed.Kinetic!.Attempts);
        Assert.Equal(expected.Temperature.Overall, resumed.Temperature.Overall);
        foreach (Func<RunFolder, string> file in (Func<RunFolder, string>[])[f => f.ThermoPath, f => f.ThermoErrorsPath, f => f.ProfilesPath])
        {
            Assert.Equal(File.ReadAllText(file(whole)), File.ReadAllText(file(folder)));
        }
    }

    [Fact]
    public void A_refinement_goes_on_after_the_solution_and_a_damaged_checkpoint_is_refused()
    {
        Case @case = Wave();
        BoltzmannPlan plan = Plan(@case, runs: 2, cells: [20, 1, 1]);
        RunSummary whole = Solve(@case, plan, "whole", refine: true).Summary!;
        RunFolder folder = new(_folder["stopped"]);
        // Interrupted before the first step, then in the refinement, at last not at all.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using CancellationTokenSource stop = new();
            using BoltzmannSession session = attempt == 0
                ? BoltzmannSession.Start(@case, plan, folder.Directory, force: false, refine: true)
                : BoltzmannSession.Resume(@case, folder, workers: 1);
            if (attempt == 0)
            {
                stop.Cancel();
            }

            RunOutcome outcome = session.Run(attempt == 1 ? new StopAt(@case.Run.Until, stop) : new Onlooker(), stop.Token);
            Assert.Equal(attempt == 2, outcome.IsFinished);
            if (attempt == 1)
            {
                byte[] sound = File.ReadAllBytes(folder.KineticCheckpointPath);
                byte[] damaged = [.. sound];
                damaged[sound.Length / 2] ^= 1;
                File.WriteAllBytes(folder.KineticCheckpointPath, damaged);
                session.Dispose();
                Assert.Throws<InputFaultException>(() => BoltzmannSession.Resume(@case, folder, workers: 1));
                AssertForgedStateIsRefused(@case, folder, sound);
                File.WriteAllBytes(folder.KineticCheckpointPath, sound);
            }
        }

        RunSummary resumed = RunSummary.Read(folder.SummaryPath);
        Assert.Equal(whole.Digest, resumed.Digest);
        Assert.Equal(3, resumed.Kinetic!.Refinement!.Value.Length);
        Assert.Equal(
            whole.Kinetic!.Refinement!.Value.SelectMany(r => r.Differences), resumed.Kinetic.Refinement.Value.SelectMany(r => r.Differences));
    }

    // The last number before the checksum says where the last particles end.
    private static void AssertForgedStateIsRefused(Case @case, RunFolder folder, byte[] sound)
    {
        byte[] forged = [.. sound];
        BitConverter.TryWriteBytes(forged.AsSpan(forged.Length - SHA256.HashSizeInBytes - sizeof(int)), int.MaxValue);
        SHA256.HashData(forged.AsSpan(..^SHA256.HashSizeInBytes)).CopyTo(forged, forged.Length - SHA256.HashSizeInBytes);
        File.WriteAllBytes(folder.KineticCheckpointPath, forged);
        using BoltzmannSession session = BoltzmannSession.Resume(@case, folder, workers: 1);
        Assert.Contains(
            "no solution can have",
            Assert.Throws<InputFaultException>(() => session.Run(new Onlooker(), CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_kinetic_solver_cannot_solve_is_refused()
    {
        Assert.Throws<InputFaultException>(() => Plan(Wave(), runs: 1, cells: [1, 8, 1]));
        Assert.Throws<InputFaultException>(() => Plan(Uniform(), runs: 1, particles: 1));
        Case file = Uniform();
        Assert.Throws<InputFaultException>(() => Plan(
            file with { Initial = file.Initial with { Positions = new PositionPlan(PositionMethod.File, null, "x.csv") } }, runs: 1));
    }

    [Fact]
    public void By_default_cells_lie_where_the_initial_data_change()
    {
        Assert.Equal([1, 1, 1], BoltzmannPlanner.Make(Uniform(), "case", new BoltzmannWishes(null, null, null, 1, 1)).Cells.AsEnumerable());
        BoltzmannPlan plan = BoltzmannPlanner.Make(Wave(), "case", new BoltzmannWishes(null, null, null, 1, 1));
        Assert.Equal(1, plan.Cells[1]);
        Assert.True(plan.Cells[0] >= 20);
        Assert.True(plan.Size.Total >= 20 * plan.Grid.CellCount);
        Assert.InRange(plan.TimeStep, 0, 0.3 / plan.Cells[0] * (1 + 1e-12));
    }

    private RunOutcome Solve(Case @case, BoltzmannPlan plan, string name, bool refine = false)
    {
        using BoltzmannSession session = BoltzmannSession.Start(@case, plan, _folder[name], force: false, refine);
        return session.Run(new Onlooker(), CancellationToken.None);
    }

    private static BoltzmannPlan Plan(Case @case, int runs, int[]? cells = null, int workers = 2, int particles = 2000) => BoltzmannPlanner.Make(
        @case, "case.yaml", new BoltzmannWishes(particles, cells is null ? null : [.. cells], cells is null ? null : 0.02, runs, workers));

    private static Case Uniform() => new(
        "uniform",
        1,
        new Gas(Box.Cube(1), [new Species("A", 1, 0.02), new Species("B", 4, 0.03)], [new Zone(3, 0.1)]),
        [600, 400],
        new InitialData(
            new PositionPlan(PositionMethod.Conditioned),
            new VelocityPlan([new Maxwellian(1, Vec3.Zero), new Maxwellian(1, Vec3.Zero)], Vec3.Zero, 1500)),
        new RunPlan(0, 0.4, 0.1, null),
        new OutputPlan(null));

    private static Case Wave() => Uniform() with
    {
        Name = "wave",
        Initial = new InitialData(
            new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0), null]),
            new VelocityPlan([new Maxwellian(1, Vec3.Zero), new Maxwellian(2, Vec3.Zero)], Vec3.Zero)),
    };

    private sealed class StopAt(double time, CancellationTokenSource stop) : Onlooker
    {
        public override void Advanced(RunPace pace)
        {
            if (pace.Time >= time)
            {
                stop.Cancel();
            }
        }
    }
}
