using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Runs.Verification;

namespace ActorMD.Cli.Tests;

/// <summary>A folder with a case file; gone after the test.</summary>
internal sealed class Workplace : IDisposable
{
    private const string SmallCase = """
        name: small
        seed: 5
        dimensions: 3
        box: { lengths: [1, 1, 1], boundary: periodic }
        species:
          - { name: A, count: 150, mass: 1, diameter: 0.06 }
          - { name: B, count: 50, mass: 4, diameter: 0.09 }
        initial:
          positions: { method: lattice }
          velocities: { A: { temperature: 1 }, B: { temperature: 2 } }
        run: { equilibrate: 0.1, until: 0.5, sample: 0.1, checkpoint: 0.2 }

        """;

    /// <summary>A gas that three nodes share, slow enough that not much happens in a unit of time.</summary>
    private const string TubeCase = """
        name: tube
        seed: 5
        dimensions: 2
        box: { lengths: [8, 0.5], boundary: periodic }
        species:
          - { name: A, count: 360, mass: 1, diameter: 0.02 }
          - { name: B, count: 120, mass: 4, diameter: 0.03 }
        initial:
          positions: { method: lattice }
          velocities: { A: { temperature: 0.02 }, B: { temperature: 0.04 } }
        run: { equilibrate: 0.1, until: 0.5, sample: 0.1, checkpoint: 0.2 }

        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actormd-test-");

    public Workplace()
    {
        File.WriteAllText(this["small.yaml"], SmallCase);
        File.WriteAllText(this["tube.yaml"], TubeCase);
    }

    public string Path => _directory.FullName;

    public string this[string name] => System.IO.Path.Combine(_directory.FullName, name);

    /// <summary>Names of everything in the folder, but the tube, which is always there.</summary>
    public string[] Entries =>
        [.. _directory.EnumerateFileSystemInfos().Select(entry => entry.Name).Where(name => name != "tube.yaml").Order(StringComparer.Ordinal)];

    /// <summary>Runs a command of the program to its end, in this folder.</summary>
    public ActorMdProcess.Result Run(params string[] arguments) => ActorMdProcess.Run(Path, arguments);

    /// <summary>What <c>actormd verify</c> finds, in the test's own process: tests of the command itself start it.</summary>
    public RunVerdict Verify(string folder) => StudyFolder.IsOne(this[folder])
        ? RunVerifier.Verify(new StudyFolder(this[folder]))
        : RunVerifier.Verify(RunFolder.Open(this[folder]));

    /// <summary>A finished run, ensemble, solution or study in a folder is sound.</summary>
    public void AssertSound(string folder) => Assert.Empty(Verify(folder).Problems);

    /// <summary>What is in a folder is not, for example because it has not reached its end.</summary>
    public void AssertUnsound(string folder) => Assert.NotEmpty(Verify(folder).Problems);

    public void Dispose() => _directory.Delete(recursive: true);
}
