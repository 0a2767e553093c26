using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;

namespace ActorMD.Files.Tests;

public sealed class TrajectoryWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<TrajectoryFormat> Formats => new(Enum.GetValues<TrajectoryFormat>());

    [Theory, MemberData(nameof(Formats))]
    public void All_frames_are_read_back(TrajectoryFormat format)
    {
        Gas gas = Cases.Mixture();
        string path = _folder["trajectory" + ParticleFile.SuffixOf(format)];
        using (TrajectoryWriter writer = TrajectoryWriter.Create(path, format))
        {
            for (int i = 0; i < 5; i++)
            {
                writer.Append(gas, new SystemState(Cases.State(gas).Particles, 0.5, epoch: i), i);
            }
        }

        ParticleFileLoad load = ParticleFile.Read(path);
        Assert.Empty(load.Faults);
        Assert.Equal([0, 0.5, 1, 1.5, 2], load.Frames.Select(f => f.Time!.Value));
    }

    [Theory, MemberData(nameof(Formats))]
    public void A_trajectory_that_is_cut_and_continued_is_the_same_as_one_written_at_once(TrajectoryFormat format)
    {
        Gas gas = Cases.Mixture();
        string once = _folder["once"], resumed = _folder["resumed"];
        using (TrajectoryWriter writer = TrajectoryWriter.Create(once, format))
        {
            Append(writer, gas, 0, 4);
        }

        long length;
        using (TrajectoryWriter writer = TrajectoryWriter.Create(resumed, format))
        {
            Append(writer, gas, 0, 2);
            writer.Flush(toDisk: true);
            length = writer.Length;
            Assert.Equal(length, new FileInfo(resumed).Length);
            Append(writer, gas, 7, 9);
        }

        using (TrajectoryWriter writer = TrajectoryWriter.Resume(resumed, format, length))
        {
            Append(writer, gas, 2, 4);
        }

        Assert.Equal(File.ReadAllText(once), File.ReadAllText(resumed));
    }

    [Fact]
    public void A_trajectory_shorter_than_the_checkpoint_says_is_refused()
    {
        string path = _folder.Write("short.csv", "12345");
        InputFaultException error = Assert.Throws<InputFaultException>(() => TrajectoryWriter.Resume(path, TrajectoryFormat.Csv, 6));
        Assert.Contains("has 5 bytes, but its run had written 6", error.Message);
        Assert.Throws<InputFaultException>(() => TrajectoryWriter.Resume(_folder["gone"], TrajectoryFormat.Csv, 1));
        Assert.Equal("12345", File.ReadAllText(path));
    }

    private static void Append(TrajectoryWriter writer, Gas gas, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            SystemState state = Cases.State(gas, seed: i);
            for (int id = 0; id < state.Particles.Length; id++)
            {
                state.Particles[id].Kind = id % 2;
            }

            writer.Append(gas, state, i);
        }
    }
}
