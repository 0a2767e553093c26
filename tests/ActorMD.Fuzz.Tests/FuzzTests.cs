namespace ActorMD.Fuzz.Tests;

/// <summary>A bounded run of <c>scripts/fuzz</c>.</summary>
public sealed class FuzzTests
{
    private const int InputCount = 1500;

    public static TheoryData<string> Names => [.. Campaign.Targets.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Samples_are_accepted(string name) => Assert.True(Campaign.AcceptsSamples(Target(name)));

    [Theory, MemberData(nameof(Names))]
    public void Changed_inputs_are_refused_for_users_or_read_back_equal(string name)
    {
        FuzzCount count = Campaign.Run(Target(name), first: 1, InputCount, TimeSpan.FromMinutes(3));
        Assert.True(count.Faults.Count == 0, string.Join("\n\n", count.Faults.Take(3)));
        Assert.InRange(count.Accepted, 1, InputCount - 1);
    }

    [Fact]
    public void A_seed_gives_the_same_input() => Assert.All(
        Campaign.Targets, target => Assert.Equal(Campaign.Input(target, 5), Campaign.Input(target, 5)));

    // H5MD: lengths that are not in the file, of which the first got 4.3 GB; more numbers than it can hold; fewer than it says.
    [Theory, InlineData("h5md", 477), InlineData("h5md", 5585), InlineData("h5md", 10012), InlineData("h5md", 25748)]
    public void What_was_found_once_is_refused(string name, long seed)
    {
        FuzzCount count = new();
        Assert.Null(Campaign.Fault(Target(name), seed, count));
        Assert.Equal((0, 1), (count.Accepted, count.Refused));
    }

    private static FuzzTarget Target(string name) => Campaign.Targets.Single(target => target.Name == name);
}
