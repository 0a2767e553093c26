using ActorMD.Files.RunFolders;
using ActorMD.Runs.Monitoring;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Tests;

/// <summary>What the monitor shows is what the logs say.</summary>
public sealed class RunPictureTests : IDisposable
{
    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_story_of_a_failure_is_told_by_the_logs_of_all_nodes()
    {
        RunFolder folder = RunFolder.Create(_temporary["run"], force: false);
        folder.WriteCase(Cases.Mixture);
        File.WriteAllLines(folder.LogPath,
        [
            Line(0, "Started", "a"),
            Line(0.5, "Node {member} leads session {Session}", "a", "\"member\":\"a\",\"Session\":7"),
            Line(0.6, "Placing {DomainCount} domains on {NodeCount} nodes", "a", "\"DomainCount\":4,\"NodeCount\":4"),
            Line(1, "Sampled at {time}: {Collisions} collisions", "a", "\"time\":0.25,\"Collisions\":1000"),
            Line(3, "Sampled at {time}: {Collisions} collisions", "a", "\"time\":0.5,\"Collisions\":5000"),
            Line(3, "Committed up to {time}: {Collisions} collisions, slice {slice}, {Void} void", "a",
                "\"time\":0.5,\"Collisions\":5000,\"slice\":40,\"Void\":5"),
            Line(4, "Lost node {member} with {domain} at {time}: going back to {CutTime}", "a",
                "\"@l\":\"Warning\",\"member\":\"b\",\"domain\":[1,2],\"time\":0.6,\"CutTime\":0.5"),
            "{\"@t\":\"half a line",
        ]);
        File.WriteAllLines(folder.NodeLogPath("b"),
        [
            Line(
                2, "Working on {domain} in slice {slice}: {EventsPerSecond} events/s, busy {BusyShare}, {PeakRssBytes} bytes",
                "b",
                "\"domain\":[1,2],\"slice\":38,\"EventsPerSecond\":1234,\"BusyShare\":0.5,\"PeakRssBytes\":1000000"),
        ]);
        File.WriteAllLines(folder.NodeLogPath("c"), [Line(-30, "Placed here {domain}", "c", "\"domain\":[3]")]);
        File.WriteAllLines(folder.NodeLogPath("d"), [Line(4, "Dismissed by {member}", "d", "\"member\":\"a\"")]);

        RunPicture picture = RunPicture.Of(folder, Start.AddSeconds(5));

        Assert.Equal("mixture", picture.Name);
        Assert.Equal((0.5, 1.0), (picture.Time, picture.Until!.Value));
        Assert.Equal(5000, picture.Collisions);
        Assert.Equal(2000, picture.CollisionsPerSecond);
        Assert.Equal((40, 5), (picture.Slices, picture.VoidSlices));
        Assert.Null(picture.Digest);
        Assert.Equal(
            [("a", NodeCondition.Working), ("b", NodeCondition.Lost), ("c", NodeCondition.Silent), ("d", NodeCondition.Done)],
            picture.Nodes.Select(node => (node.Node, node.Condition)));
        Assert.Equal(("[1,2]", 38.0, 1234.0, 0.5), (
            picture.Nodes[1].Domains, picture.Nodes[1].Slice!.Value, picture.Nodes[1].EventsPerSecond!.Value,
            picture.Nodes[1].BusyShare!.Value));
        Assert.Equal([true, false, false, false], picture.Nodes.Select(node => node.Leads));
        Assert.Equal(
            ["Node a leads session 7", "Placing 4 domains on 4 nodes", "Lost node b with [1,2] at 0.6: going back to 0.5"],
            picture.Incidents.Select(entry => entry.Render()));
    }

    [Fact]
    public void A_node_whose_next_line_is_not_due_yet_is_not_silent()
    {
        RunFolder folder = RunFolder.Create(_temporary["long"], force: false);
        folder.WriteCase(Cases.Mixture);
        File.WriteAllLines(folder.LogPath, [Line(0, "Working with {Threads} threads; again within {NextSeconds} s", "a", "\"NextSeconds\":300")]);
        Assert.Equal(NodeCondition.Working, RunPicture.Of(folder, Start.AddSeconds(305)).Nodes[0].Condition);
        RunPicture late = RunPicture.Of(folder, Start.AddSeconds(315));
        Assert.Equal((NodeCondition.Silent, RunCondition.Silent), (late.Nodes[0].Condition, late.Condition));
    }

    [Fact]
    public void A_line_is_rendered_for_people()
    {
        string line = Line(
            0, "Lost {Members} with {domain} at {time} of {Count}", "a",
            "\"Members\":[\"b\",\"c\"],\"domain\":[1,2],\"time\":1.9751388839445534,\"Count\":1796061184317");
        Assert.Equal("Lost b, c with [1,2] at 1.97514 of 1796061184317", LogEntry.TryParse(line)!.Render());
    }

    [Fact]
    public void A_finished_run_shows_its_digest()
    {
        RunFolder folder = RunFolder.Create(_temporary["done"], force: false);
        RunSummary summary;
        using (RunSession session = RunSession.Start(Cases.Mixture, Cases.Initial(Cases.Mixture), folder))
        {
            summary = session.Run(new Onlooker(), CancellationToken.None).Summary!;
        }

        RunPicture picture = RunPicture.Of(folder, DateTime.UtcNow);
        Assert.Equal(summary.Digest, picture.Digest);
        Assert.Equal(summary.Events["order2"], picture.Collisions);
        Assert.InRange(Math.Abs(picture.EnergyDrift!.Value), 0, 1e-10);
        Assert.Equal(NodeCondition.Done, Assert.Single(picture.Nodes).Condition);
    }

    private static string Line(double seconds, string template, string node, string properties = "\"x\":0") =>
        $"{{\"@t\":\"{Start.AddSeconds(seconds):O}\",\"@mt\":\"{template}\",{properties},\"node\":\"{node}\"}}";
}
