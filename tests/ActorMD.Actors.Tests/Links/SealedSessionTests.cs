using System.Text;

namespace ActorMD.Actors.Tests;

public sealed class SealedSessionTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("a secret of 24 bytes....");

    private readonly SealedSession _initiator = new(Secret, isInitiator: true);
    private readonly SealedSession _acceptor = new(Secret, isInitiator: false);

    [Fact]
    public void Frames_pass_in_both_directions_and_in_order()
    {
        Greet(_initiator, _acceptor);
        for (byte k = 0; k < 3; k++)
        {
            byte[] payload = [k, 7];
            Assert.Equal(payload, _acceptor.Open(_initiator.Seal(payload)).ToArray());
            Assert.Equal(payload, _initiator.Open(_acceptor.Seal(payload)).ToArray());
        }

        Assert.Empty(_acceptor.Open(_initiator.Seal([])).ToArray());
    }

    [Fact]
    public void Another_secret_is_refused()
    {
        SealedSession stranger = new(Encoding.ASCII.GetBytes("another secret, 24 bytes"), isInitiator: true);
        Greet(stranger, _acceptor);
        Assert.Throws<StrangerException>(() => _acceptor.Open(stranger.Seal([1, 2, 3])).ToArray());
    }

    [Fact]
    public void Another_version_is_refused_and_named()
    {
        SealedSession old = new(Secret, isInitiator: true, "0.0.9 (wire format 1)");
        StrangerException error = Assert.Throws<StrangerException>(() => _acceptor.TakeGreeting(old.Greeting));
        Assert.Contains("0.0.9", error.Message);
    }

    [Fact]
    public void A_frame_that_was_changed_is_refused()
    {
        Greet(_initiator, _acceptor);
        byte[] frame = _initiator.Seal([1, 2, 3]);
        frame[^1] ^= 1;
        Assert.Throws<StrangerException>(() => _acceptor.Open(frame).ToArray());
    }

    [Fact]
    public void A_frame_that_is_repeated_or_sent_back_is_refused()
    {
        Greet(_initiator, _acceptor);
        byte[] frame = _initiator.Seal([1, 2, 3]);
        _acceptor.Open(frame);
        Assert.Throws<StrangerException>(() => _acceptor.Open(frame).ToArray());
        Assert.Throws<StrangerException>(() => _initiator.Open(frame).ToArray());
    }

    [Fact]
    public void A_frame_of_another_connection_is_refused()
    {
        Greet(_initiator, _acceptor);
        SealedSession again = new(Secret, isInitiator: false);
        again.TakeGreeting(_initiator.Greeting);
        Assert.Throws<StrangerException>(() => again.Open(_initiator.Seal([1, 2, 3])).ToArray());
    }

    [Fact]
    public void Frames_before_the_greeting_and_frames_without_room_for_a_seal_are_refused()
    {
        Assert.Throws<StrangerException>(() => _acceptor.Open(new byte[100]).ToArray());
        Greet(_initiator, _acceptor);
        Assert.Throws<StrangerException>(() => _acceptor.Open(new byte[SealedSession.Overhead - 1]).ToArray());
    }

    [Fact]
    public void Whatever_is_no_greeting_is_refused_as_such()
    {
        Random random = new(5);
        for (int k = 0; k < 2000; k++)
        {
            byte[] greeting = (byte[])_initiator.Greeting.Clone();
            if (k % 2 == 0)
            {
                greeting = greeting[..random.Next(greeting.Length)];
            }
            else
            {
                // All but the nonce, which may be anything.
                greeting[random.Next(greeting.Length - 32)] ^= (byte)random.Next(1, 256);
            }

            Assert.Throws<StrangerException>(() => new SealedSession(Secret, isInitiator: false).TakeGreeting(greeting));
        }

        Assert.Throws<StrangerException>(() => _acceptor.TakeGreeting(new byte[1 << 20]));
    }

    private static void Greet(SealedSession one, SealedSession other)
    {
        one.TakeGreeting(other.Greeting);
        other.TakeGreeting(one.Greeting);
    }
}
