using ActorMD.Files.Cases;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

/// <summary>Cases that tests start from.</summary>
internal static class Cases
{
    public const string Path = "/cases/base.yaml";

    public const string Base = """
        name: base
        seed: 7
        dimensions: 3
        box: { lengths: [1, 1, 1], boundary: periodic }
        species:
          - { name: A, count: 100, mass: 1, diameter: 0.05 }
          - { name: B, count: 50, mass: 4, diameter: 0.03 }
        zones:
          - { order: 3, distance: 0.12 }
        initial:
          positions: { method: conditioned }
          velocities: { A: { temperature: 2 } }
        run: { until: 1 }

        """;

    public const string Minimal = """
        box: { lengths: 1 }
        species: [{ name: A, count: 1, mass: 1, diameter: 0.1 }]
        run: { until: 2 }
        """;

    /// <summary>Every key that there is.</summary>
    public const string Everything = """
        name: everything
        seed: 18446744073709551615
        dimensions: 2
        box: { lengths: [1, 2.5], boundary: [periodic, reflecting] }
        species:
          - { name: A, count: 100, mass: 1, diameter: 0.01 }
          - { name: B, count: 50, mass: 4, diameter: 0.03 }
        zones:
          - { order: 3, distance: 0.12 }
          - { order: 4, distance: 0.25 }
        initial:
          positions:
            method: conditioned
            sweeps: 12
            density:
              A: { step: { axis: x, outside: 1, inside: 2.5, from: 0.25, to: 0.75 } }
              B: { gaussian: { axis: y, background: 0.5, height: 1, centre: 1, width: 0.2 } }
          velocities:
            A:
              temperature: { cosine: { axis: x, mean: 2, amplitude: 0.5, waves: 2, phase: 0.25 } }
              mean: [{ cusp: { axis: y, mean: 0, amplitude: 0.1, waves: 1, phase: 0.5 } }, -1e-3]
              shape: polynomial
              spread: 0.3
            B:
              sum:
                - { weight: 1, temperature: 0, mean: [0, 1], shape: power, tail: 5 }
                - { weight: 2.5, temperature: { table: { axis: y, at: [0, 1, 2.5], values: [1, 2, 1] } }, shape: compact }
          total_momentum: [1, 0]
          total_energy: 1e3
        run: { equilibrate: 0.25, until: 1, sample: 0.05, checkpoint: 0.5 }
        output: { trajectory: { every: 0.1, format: lammps }, events: { from: 0.5, until: 0.75 } }

        """;

    /// <summary>A case with every kind of distribution of sizes.</summary>
    public const string Sized = """
        box: { lengths: [100, 100, 100], boundary: periodic }
        species:
          - { name: A, count: 100, mass: 1, distribution: { kind: uniform, min: 0.5, max: 1.5 } }
          - { name: B, count: 200, mass: 4, distribution: { kind: normal, mean: 1, deviation: 0.1, mass_power: 3 } }
          - { name: C, count: 10, mass: 1, distribution: { kind: lognormal, mean: 1, deviation: 0.2, max: 1.8 } }
          - { name: D, count: 10, mass: 1, distribution: { kind: schulz, mean: 1, deviation: 0.2, min: 0.5, mass_power: 2.5 } }
          - { name: E, count: 10, mass: 1, distribution: { kind: power, exponent: 3.5, min: 0.2, max: 4 } }
          - { name: F, count: 10, mass: 1, distribution: { kind: histogram, edges: [1, 1.5, 3], shares: [2, 1] } }
          - { name: G, count: 10, mass: 1, distribution: { kind: values, values: [1, 2, 3], shares: [3, 2, 1] } }
          - { name: H, count: 10, mass: 1, diameter: 1 }
        run: { until: 5 }

        """;

    /// <summary>A case with every kind of observable.</summary>
    public const string Observed = """
        box: { lengths: [1, 1, 1], boundary: periodic }
        species:
          - { name: A, count: 100, mass: 1, diameter: 0.01 }
          - { name: B, count: 200, mass: 4, diameter: 0.03 }
        initial: { positions: { method: lattice, lattice: ab2 } }
        run: { equilibrate: 1, until: 5, sample: 0.05 }
        output:
          parquet: true
          trajectory: { times: { from: 0.01, per_decade: 3 }, format: csv }
          observables:
            - { kind: rdf, max: 0.25, bins: 50, times: [0.5, 1, 4.5] }
            - { kind: structure_factor, every: 1, waves: 4 }
            - { kind: msd, every: 0.01, lags: { max: 2, spacing: logarithmic, origins: 0.5 } }
            - { name: short, kind: vacf, every: 0.01, lags: { max: 0.5, spacing: linear } }
            - { kind: helfand }
            - { kind: mutual_diffusion, every: 0.01 }
            - { kind: collisions }
            - { kind: velocities, max: 4 }
            - { kind: h_function, bins: 8 }
            - { name: profile_y, kind: profile, axis: y, bins: 20 }

        """;

    public static CaseLoad Load(string yaml, params string[] overrides) =>
        CaseFile.Parse(yaml, Path, [.. overrides.Select(CaseOverride.Parse)]);

    /// <summary>The case, with the faults as the message when there is none.</summary>
    public static Case Valid(string yaml, params string[] overrides)
    {
        CaseLoad load = Load(yaml, overrides);
        Assert.True(load.Case is not null, string.Join('\n', load.Faults));
        return load.Case;
    }

    public static Gas Mixture(Boundary boundary = Boundary.Periodic, int dimension = 3) => new(
        Box.Of(dimension, new Vec3(4, 5, 6), boundary), [new Species("A", 1, 0.5), new Species("B", 4, 0.25)], [new Zone(3, 1.5)]);

    /// <summary>A state with all kinds of numbers in it, in the second epoch.</summary>
    public static SystemState State(Gas gas, int count = 7, int seed = 1)
    {
        Random random = new(seed);
        ParticleState[] particles = new ParticleState[count];
        for (int id = 0; id < count; id++)
        {
            double z = gas.Dimension == 3 ? random.NextDouble() : 0;
            particles[id] = new ParticleState
            {
                Position = new Vec3(4 * random.NextDouble(), 5 * random.NextDouble(), 6 * z),
                Velocity = new Vec3(random.NextDouble() - 0.5, 1e-17 * random.NextDouble(), z * 1e9),
                Time = -random.NextDouble(),
                Image = new Int3(random.Next(-9, 9), random.Next(), gas.Dimension == 3 ? -3 : 0),
                Kind = random.Next(gas.Species.Length),
            };
        }

        return new SystemState(particles, 0.5, epoch: 1, time: 0.125);
    }
}
