from flask import Flask, abort, request

app = Flask(__name__)

users = {
    1: {"id": 1, "name": "Ada", "role": "admin"},
    2: {"id": 2, "name": "Grace", "role": "reader"},
}


@app.get("/users")
def list_users():
    return list(users.values())


@app.get("/users/<int:user_id>")
def get_user(user_id):
    if user_id not in users:
        abort(404, description="There is no user with that number.")
    return users[user_id]


@app.post("/users")
def create_user():
    data = request.get_json()
    if "name" not in data:
        abort(400, description="A user needs a name.")
    user = {
        "id": max(users) + 1,
        "name": data["name"],
        "role": request.args.get("role", "reader"),
    }
    users[user["id"]] = user
    return user, 201


@app.get("/files/<path:filename>")
def get_file(filename):
    return {"filename": filename, "folders": filename.split("/")[:-1]}


if __name__ == "__main__":
    app.run(debug=True)
