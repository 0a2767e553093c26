using System.Diagnostics;
using ActorMD.Protocol;
using Akka.Actor;

namespace ActorMD.Actors;

/// <summary>Another node as the node actor sees it: both directions of the link with it.</summary>
internal sealed class Peer(NodeId id, IActorRef actor, AkkaSettings settings)
{
    private readonly ChunkSender _sender =
        new(settings.ChunkLength, settings.Window, DateTime.UtcNow.Ticks);

    private readonly ChunkReceiver _receiver = new(NodeFrameFormat.LengthMax);
    private ChunkReceipt? _owed;
    private int _owedCount;
    private long _progressStamp;

    public NodeId Id => id;

    /// <summary>Whether the upper layer knows of it.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Sends a frame as soon as there is room for it.</summary>
    public void Send(ReadOnlyMemory<byte> frame, int from)
    {
        _sender.Add(frame);
        SendAll(from);
    }

    /// <summary>Takes a receipt in and sends what there is room for now.</summary>
    public void Take(ChunkReceipt receipt, int from)
    {
        _sender.Take(receipt);
        _progressStamp = Stopwatch.GetTimestamp();
        SendAll(from);
    }

    /// <summary>Takes a part in.</summary>
    /// <returns>The frame that is whole now, or null.</returns>
    /// <exception cref="StrangerException">No node sends such a part.</exception>
    public byte[]? Take(Chunk chunk, int from)
    {
        byte[]? frame = _receiver.Take(chunk, out ChunkReceipt? receipt);
        if (receipt is not null)
        {
            _owed = receipt;
            if (++_owedCount >= settings.Window / 4)
            {
                PayReceipt(from);
            }
        }

        return frame;
    }

    /// <summary>At regular intervals: sends the receipt that is due.</summary>
    /// <returns>Whether parts were lost, since no receipt came in time; then the link has begun anew.</returns>
    public bool Tick(int from)
    {
        PayReceipt(from);
        if (!_sender.IsWaiting || Stopwatch.GetElapsedTime(_progressStamp) < settings.ReceiptTimeout)
        {
            return false;
        }

        _sender.Restart();
        SendAll(from);
        return true;
    }

    private void SendAll(int from)
    {
        if (!_sender.IsWaiting)
        {
            _progressStamp = Stopwatch.GetTimestamp();
        }

        while (_sender.TryTake(out Chunk chunk))
        {
            actor.Tell(new LinkFrame.Part(from, chunk));
        }
    }

    private void PayReceipt(int from)
    {
        if (_owed is { } receipt)
        {
            actor.Tell(new LinkFrame.Receipt(from, receipt));
            _owed = null;
            _owedCount = 0;
        }
    }
}
