// The Keras program of every first tutorial, line for line: a small convolutional network learns to read MNIST's digits.
// Run it from the repository: dotnet run -c Release --project samples/MnistKeras
using Sepal.Data;
using Sepal.Layers;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;

// (train_images, train_labels), (test_images, test_labels) = mnist.load_data(), scaled to 0..1
(IdxDataset train, IdxDataset test) = Mnist.Load(args.Length > 0 ? args[0] : "data/mnist");

using Sequential model =
[
    new Input(28, 28, 1),
    new Conv2D(32, (3, 3)) { Activation = Activations.Relu },
    new MaxPooling2D((2, 2)),
    new Conv2D(64, (3, 3)) { Activation = Activations.Relu },
    new MaxPooling2D((2, 2)),
    new Flatten(),
    new Dense(64) { Activation = Activations.Relu },
    new Dense(10) { Activation = Activations.Softmax },
];

model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());

model.Fit(train, epochs: 5);

(double testLoss, double testAccuracy) = model.Evaluate(test);
Console.WriteLine($"Test loss: {testLoss:0.0000}");
Console.WriteLine($"Test accuracy: {testAccuracy:0.0000}");
