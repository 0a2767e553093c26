using ActorMD.Cli.Terminal;

namespace ActorMD.Cli.Tests;

/// <summary>No exception reaches a user: what was not foreseen becomes a report file.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void What_nobody_foresaw_is_a_report_in_the_run_folder()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet", "--out", "done").Code);
        (int code, string error) = Run(() => FolderFailureException.Watch<int>(
            _place["done"], () => throw new AggregateException(new InvalidCastException("what only makers understand"))));

        Assert.Equal(4, code);
        Assert.DoesNotContain("InvalidCast", error, StringComparison.Ordinal);
        Assert.DoesNotContain("what only makers understand", error, StringComparison.Ordinal);
        Assert.Contains($"actormd resume {_place["done"]}", error, StringComparison.Ordinal);
        string report = Assert.Single(Directory.GetFiles(_place["done"], "actormd-report-*.txt"));
        Assert.Contains(report, error, StringComparison.Ordinal);
        string text = File.ReadAllText(report);
        Assert.Contains("InvalidCastException: what only makers understand", text, StringComparison.Ordinal);
        Assert.Contains("actormd run x.yaml", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_told_with_what_can_be_done()
    {
        (int code, string error) = Run(
            () => FolderFailureException.Watch<int>(_place["none"], () => throw new IOException("No space left on device")));
        Assert.Equal(4, code);
        Assert.StartsWith("No space left on device.", error, StringComparison.Ordinal);
        Assert.Contains("give the command again", error, StringComparison.Ordinal); // there is nothing to resume
    }

    private static (int Code, string Error) Run(Func<int> command)
    {
        TextWriter before = Console.Error;
        using StringWriter error = new();
        Console.SetError(error);
        try
        {
            return (Guard.Run(["run", "x.yaml"], command), error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
