using Akka.Actor.Setup;

namespace ActorMD.Actors;

/// <summary>Hands the shared secret to the transport without writing it into any configuration text.</summary>
internal sealed class SecretSetup(byte[] secret) : Setup
{
    public byte[] Secret { get; } = secret;
}
