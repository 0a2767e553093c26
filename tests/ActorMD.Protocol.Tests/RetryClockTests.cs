using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Tests;

/// <summary>Requests are sent again when nothing has come between two reminders, and only then.</summary>
public class RetryClockTests
{
    [Fact]
    public void It_is_due_when_an_interval_brought_nothing()
    {
        RetryClock clock = default;
        Assert.True(clock.IsDue());
        clock.Progress();
        Assert.False(clock.IsDue());
        Assert.True(clock.IsDue());
    }

    [Fact]
    public void Domains_that_have_not_answered_are_asked_again()
    {
        DomainRequests requests = new();
        List<Envelope> sent = [];
        requests.Ask(3, domain => new Message.Gather(1, domain, default, false), sent);
        Assert.Equal(3, sent.Count);
        Assert.False(requests.Answer(1));
        Assert.False(requests.Answer(1));
        Assert.False(requests.IsDue());
        Assert.True(requests.IsDue());

        sent.Clear();
        requests.AskAgain(toAll: false, sent);
        Assert.Equal([ActorAddress.Domain(0), ActorAddress.Domain(2)], sent.Select(envelope => envelope.To));
        sent.Clear();
        requests.AskAgain(toAll: true, sent);
        Assert.Equal(3, sent.Count);
        Assert.False(requests.Answer(0));
        Assert.True(requests.Answer(2));
    }
}
