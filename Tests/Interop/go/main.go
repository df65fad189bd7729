// A client on Debian's grpc-go, which shares no code with gRPC-core: one unary and one bidirectional call.
//
// Usage: client HOST:PORT CA.crt [CLIENT.crt CLIENT.key]. Ends with 0 when every answer was as expected.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"io/ioutil"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "punos.test/testing"
)

const limit = 30 * time.Second

func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func dial(arguments []string) *grpc.ClientConn {
	authority, err := ioutil.ReadFile(arguments[1])
	must(err, "authority")
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		fail("no certificate in %s", arguments[1])
	}
	config := &tls.Config{RootCAs: pool}
	if len(arguments) == 4 {
		own, err := tls.LoadX509KeyPair(arguments[2], arguments[3])
		must(err, "client certificate")
		config.Certificates = []tls.Certificate{own}
	}
	connection, err := grpc.Dial(arguments[0], grpc.WithTransportCredentials(credentials.NewTLS(config)))
	must(err, "dial")
	return connection
}

func unary(client pb.TestServiceClient, options ...grpc.CallOption) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx,
		"x-grpc-test-echo-initial", "from go", "x-grpc-test-echo-trailing-bin", "\x00\xff\x01")
	var header, trailer metadata.MD
	request := &pb.SimpleRequest{ResponseSize: 314159, Payload: &pb.Payload{Body: make([]byte, 271828)}}
	answer, err := client.UnaryCall(ctx, request, append(options, grpc.Header(&header), grpc.Trailer(&trailer))...)
	must(err, "unary")
	if !bytes.Equal(answer.Payload.Body, make([]byte, 314159)) {
		fail("unary: an answer of %d bytes", len(answer.Payload.Body))
	}
	if got := header.Get("x-grpc-test-echo-initial"); len(got) != 1 || got[0] != "from go" {
		fail("unary: initial metadata %q", got)
	}
	if got := trailer.Get("x-grpc-test-echo-trailing-bin"); len(got) != 1 || got[0] != "\x00\xff\x01" {
		fail("unary: trailing metadata %q", got)
	}
}

func bidirectional(client pb.TestServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	stream, err := client.FullDuplexCall(ctx)
	must(err, "bidirectional")
	for _, size := range []int32{31415, 9, 2653, 58979} {
		must(stream.Send(&pb.StreamingOutputCallRequest{
			ResponseParameters: []*pb.ResponseParameters{{Size: size}},
			Payload:            &pb.Payload{Body: make([]byte, size)}}), "send")
		answer, err := stream.Recv()
		must(err, "receive")
		if len(answer.Payload.Body) != int(size) {
			fail("bidirectional: %d bytes instead of %d", len(answer.Payload.Body), size)
		}
	}
	must(stream.CloseSend(), "close")
	if _, err := stream.Recv(); err != io.EOF {
		fail("bidirectional: %v instead of the end", err)
	}
}

func failing(client pb.TestServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	message := "\t\nwhitespace\r\nand ☺ and 😈\t\n"
	_, err := client.UnaryCall(ctx, &pb.SimpleRequest{ResponseStatus: &pb.EchoStatus{Code: 9, Message: message}})
	if status.Code(err) != codes.FailedPrecondition || status.Convert(err).Message() != message {
		fail("status: %v", err)
	}
	_, err = client.UnimplementedCall(ctx, &pb.Empty{})
	if status.Code(err) != codes.Unimplemented {
		fail("unimplemented: %v", err)
	}
	short, cancelShort := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancelShort()
	stream, err := client.StreamingOutputCall(short, &pb.StreamingOutputCallRequest{
		ResponseParameters: []*pb.ResponseParameters{{Size: 1, IntervalUs: 10000000}}})
	must(err, "deadline")
	if _, err = stream.Recv(); status.Code(err) != codes.DeadlineExceeded {
		fail("deadline: %v", err)
	}
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 5 {
		fail("usage: client HOST:PORT CA.crt [CLIENT.crt CLIENT.key]")
	}
	connection := dial(os.Args[1:])
	defer connection.Close()
	client := pb.NewTestServiceClient(connection)
	unary(client)
	unary(client, grpc.UseCompressor(gzip.Name))
	bidirectional(client)
	failing(client)
	fmt.Println("ok")
}
