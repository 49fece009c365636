using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Operators;

namespace Sepal.Training;

/// <summary>Runs a teacher on the batches of a fit, and gives its logits.</summary>
internal sealed class TeacherRun : IDisposable
{
    // The smallest normal float: a softmax whose logits are 87 apart.
    private const float SmallestProbability = 1.17549435e-38f;

    private readonly Distillation _distillation;
    private readonly InferenceSession _session;
    private readonly Dictionary<int, InferenceRequest> _requests = [];
    private readonly int _inputLength;
    private readonly int _channels;
    private readonly bool _isPlanar;
    private readonly bool _takesOneOnly;
    private readonly TensorInfo _input;
    private readonly Shape _example;
    private readonly Softmax? _softmax;

    /// <summary>Opens the teacher, and checks that it fits the model.</summary>
    /// <param name="distillation">The teacher.</param>
    /// <param name="student">The model to be trained.</param>
    /// <param name="batchSize">Examples a step.</param>
    /// <param name="threads">Threads to compute with, where the session is not the caller's.</param>
    /// <exception cref="TrainingException">It does not fit; says how.</exception>
    public TeacherRun(Distillation distillation, Graph student, int batchSize, int threads)
    {
        _distillation = distillation;
        _session = distillation.Session ?? new InferenceSession(distillation.Model!, new SessionOptions { Threads = threads });
        try
        {
            if (_session.Inputs is not [{ ElementType: ElementType.Float32 } input] || _session.Outputs.Length != 1)
            {
                throw new TrainingException(
                    $"A teacher needs one input of float32 and one output, but this one has the inputs {string.Join(", ", _session.Inputs)} "
                    + $"and the outputs {string.Join(", ", _session.Outputs)}.");
            }

            _input = input;
            _example = student.Inputs[0].Shape.WithoutBatch();
            _inputLength = checked((int)_example.ElementCount.Value);
            _channels = _example.Rank == 3 ? (int)_example[2].Value : 1;
            Shape planar = _example.Rank == 3 ? [_example[2], _example[0], _example[1]] : _example;
            _isPlanar = _example.Rank == 3 && _session.HasPlanarImages && Fits(planar);
            if (!_isPlanar && !Fits(_example))
            {
                throw new TrainingException(
                    $"The teacher's input '{input.Name}' has the shape {input.Shape}, but the model's examples have {_example} (height, width, channels). "
                    + "Give a teacher for the same inputs, or the model that input.");
            }

            Dimension batch = input.Shape[0];
            _takesOneOnly = batch.IsKnown && batch.Value == 1;
            if (batch.IsKnown && batch.Value != 1)
            {
                throw new TrainingException(
                    $"The teacher takes batches of {batch.Value} examples only. Export it with an open batch dimension, or with one of 1.");
            }

            InferenceRequest request = RequestFor(batchSize);
            int classes = RequireClasses(student, request);
            _softmax = FinalSoftmax(request.Plan.Graph);
            if (classes < 2)
            {
                throw new TrainingException("A teacher with one output tells no classes apart. Distillation needs at least 2.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Computes the teacher's logits.</summary>
    /// <param name="inputs">The batch's examples.</param>
    /// <param name="logits">Is filled with a row an example.</param>
    /// <param name="cancellation">Ends the run between two kernel calls.</param>
    public void Run(ReadOnlySpan<float> inputs, Span<float> logits, CancellationToken cancellation)
    {
        int batch = inputs.Length / _inputLength;
        int atOnce = _takesOneOnly ? 1 : batch;
        InferenceRequest request = RequestFor(batch);
        int classes = logits.Length / batch;
        for (int start = 0; start < batch; start += atOnce)
        {
            Write(inputs.Slice(start * _inputLength, atOnce * _inputLength), request.Input<float>(_input.Name));
            request.Run(cancellation);
            request.Output<float>(request.Outputs[0].Name).CopyTo(logits.Slice(start * classes, atOnce * classes));
        }

        if (_softmax is { Logarithmic: false })
        {
            // A logarithm of probabilities is logits less a number that no softmax sees.
            foreach (ref float value in logits)
            {
                value = MathF.Log(MathF.Max(value, SmallestProbability));
            }
        }
    }

    /// <summary>What the teacher makes of some inputs, in short: to tell it from another.</summary>
    public string Describe(ReadOnlySpan<float> inputs)
    {
        int batch = inputs.Length / _inputLength;
        InferenceRequest request = RequestFor(batch);
        long length = request.Outputs[0].Shape.ElementCount.Value * (_takesOneOnly ? batch : 1);
        var logits = new float[checked((int)length)];
        Run(inputs, logits, CancellationToken.None);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(logits)))[..16];
    }

    public void Dispose()
    {
        foreach (InferenceRequest request in _requests.Values)
        {
            request.Dispose();
        }

        if (_distillation.Session is null)
        {
            _session.Dispose();
        }
    }

    /// <summary>The softmax that the output is, if only its shape was changed afterwards.</summary>
    private static Softmax? FinalSoftmax(Graph graph)
    {
        Node? node = graph.Producer(graph.Outputs[0]);
        while (node is { Operator: Reshape or Flatten or Transpose or Cast or Dropout })
        {
            node = graph.Producer(node.Inputs[0]);
        }

        return node?.Operator as Softmax;
    }

    private static int RequireClasses(Graph student, InferenceRequest request)
    {
        TensorSpec output = student.Outputs[0].Spec;
        Shape given = request.Outputs[0].Shape;
        if (output.Rank != 2)
        {
            throw new TrainingException(
                $"Distillation needs a model that gives one row of classes an example, but its output is {output.Describe()}.");
        }

        long classes = given.WithoutBatch().ElementCount.Value;
        return request.Outputs[0].ElementType == ElementType.Float32 && classes == output.Channels.Value
            ? (int)classes
            : throw new TrainingException(
                $"The teacher tells {classes} classes apart (its output is {request.Outputs[0]}), the model {output.Channels}. "
                + "Give a teacher of the same classes, in the same order.");
    }

    private bool Fits(Shape example)
    {
        if (!_input.IsRankKnown || _input.Shape.Rank != example.Rank + 1)
        {
            return false;
        }

        for (int axis = 0; axis < example.Rank; axis++)
        {
            Dimension declared = _input.Shape[axis + 1];
            if (declared.IsKnown && declared != example[axis])
            {
                return false;
            }
        }

        return true;
    }

    private InferenceRequest RequestFor(int batch)
    {
        int size = _takesOneOnly ? 1 : batch;
        if (!_requests.TryGetValue(size, out InferenceRequest? request))
        {
            Shape shape = _isPlanar ? [size, _example[2], _example[0], _example[1]] : [size, .. _example];
            var symbols = new Dictionary<string, long>(StringComparer.Ordinal);
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                if (_input.Shape[axis].SymbolName is { } symbol)
                {
                    symbols[symbol] = shape[axis].Value;
                }
            }

            request = _session.CreateRequest(symbols);
            _requests.Add(size, request);
        }

        return request;
    }

    private void Write(ReadOnlySpan<float> examples, Span<float> input)
    {
        if (!_isPlanar)
        {
            examples.CopyTo(input);
            return;
        }

        int pixels = _inputLength / _channels;
        for (int start = 0; start < examples.Length; start += _inputLength)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                Span<float> plane = input.Slice(start + (channel * pixels), pixels);
                int place = start + channel;
                for (int pixel = 0; pixel < pixels; pixel++, place += _channels)
                {
                    plane[pixel] = examples[place];
                }
            }
        }
    }
}
