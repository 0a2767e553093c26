using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ActorMD.Actors.Serialization;

/// <summary>Takes the place of a serializer that ActorMD does not use: neither writes nor reads.</summary>
internal sealed class RefusingSerializer(ExtendedActorSystem system, int identifier) : Serializer(system)
{
    public override int Identifier => identifier;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType().Name} is not sent between nodes");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException($"refused a message of serializer {identifier}: nodes do not use it");
}
